//! The table itself.

use super::super::row::Row;
use super::*;

#[test]
fn every_row_belongs_to_a_kind_of_the_catalog_and_can_be_read() {
    let catalog = Catalog::embedded();
    for (kind, template) in catalog.templates().rows() {
        let (service, name) = kind.split_once(':').unwrap();
        assert!(catalog.resource_type(service, name).is_some(), "{kind}");
        assert!(
            template.values().eq(["!"]) || Row::parse(template).is_some(),
            "{kind} {template:?}"
        );
        for operation in template.holds_for() {
            let action = operation.contains(':');
            assert!(
                !action || catalog.action(operation).is_some(),
                "{kind} {operation}"
            );
        }
    }
}

#[test]
fn no_row_names_more_parts_than_its_kind_has() {
    let catalog = Catalog::embedded();
    for (kind, template) in catalog.templates().rows() {
        let (service, name) = kind.split_once(':').unwrap();
        let pattern = catalog.resource_type(service, name).unwrap().arn;
        let own = |pattern: &str| {
            let all = pattern.matches("${").count();
            let place = ["${Partition}", "${Region}", "${Account}"];
            all - place
                .iter()
                .map(|part| pattern.matches(part).count())
                .sum::<usize>()
        };
        let most = pattern.split(", ").map(own).max().unwrap();
        let parts = template
            .values()
            .filter(|value| !value.starts_with("account") && !value.starts_with(['+', '!']))
            .count();
        let whole = template.values().all(|value| value.starts_with("arn@"));
        assert!(parts <= most || whole, "{kind} {template:?}");
    }
}
