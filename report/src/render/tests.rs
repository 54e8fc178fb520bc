//! What the three forms hold to, on a small organisation and on hostile text.

use curtail_analyze::{Analysis, Bucket};
use curtail_iam::catalog::Catalog;
use curtail_ingest::MissingPart;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::fixture::{agent, analysis, arn, at, inline, managed, organisation, role, row};
use crate::{Options, build};

/// What an attacker would put into a name.
const HOSTILE: &str =
    "<script>alert(1)</script>|`x`\r\n=cmd()\u{202e}txt\u{1b}[31m\"'&amp;[a](http://evil.example)";

fn review_of(analysis: &Analysis) -> Review {
    build(analysis, Catalog::embedded(), &Options::default())
}

#[test]
fn markdown_of_a_small_organisation() {
    insta::assert_snapshot!(render_markdown(&review_of(&organisation())).unwrap());
}

#[test]
fn json_of_a_small_organisation() {
    insta::assert_snapshot!(render_json(&review_of(&organisation())).unwrap());
}

#[test]
fn html_of_a_small_organisation() {
    let page = render_html(&review_of(&organisation())).unwrap();
    let style = page.find("<style>").unwrap()..page.find("</style>").unwrap();
    let mut shown = page;
    shown.replace_range(style, "<style>(the style sheet)");
    insta::assert_snapshot!(shown);
}

#[test]
fn a_page_needs_no_other_file_and_no_script() {
    let page = render_html(&review_of(&organisation())).unwrap();
    for outside in [
        "<script", "<link", "<img", "<iframe", "src=", "url(", "@import", "http:", "https:",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let page = render_html(&review_of(&organisation())).unwrap();
    let links: Vec<&str> = page
        .split("href=\"#")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(links.len() > 10);
    for link in links {
        assert!(page.contains(&format!("id=\"{link}\"")), "#{link}");
    }
}

#[test]
fn an_empty_analysis_makes_a_review() {
    let review = review_of(&analysis(vec![], vec![], vec![], vec![]));
    assert!(
        render_html(&review)
            .unwrap()
            .contains("0 agents hold no permission")
    );
    assert!(
        render_markdown(&review)
            .unwrap()
            .contains("0 agents hold no permission")
    );
    let json: Value = serde_json::from_str(&render_json(&review).unwrap()).unwrap();
    assert_eq!(json["schema_version"], 1);
}

/// An analysis in which every text is hostile.
fn hostile() -> Analysis {
    let name = HOSTILE;
    let mut all = organisation();
    let mut owner = agent(name, name);
    owner.purpose = name.to_owned();
    owner.owners = vec![name.to_owned()];
    owner.environment = Some(name.to_owned());
    owner.bindings[0].user_agent = Some(name.to_owned());
    owner.problems = vec![name.to_owned()];
    all.agents.push(owner);
    let statement = json!({ "Sid": name, "Effect": "Allow", "Action": [name, "sqs:DeleteQueue"], "Resource": name });
    let mut hostile_role = role(
        name,
        &[name],
        vec![inline(name, &statement), managed(name, 2, &statement)],
    );
    hostile_role.account_id = name.to_owned();
    all.roles.insert(arn(name), hostile_role);
    for bucket in Bucket::ALL {
        let mut entry = row(name, name, &format!("{name}{}", bucket.as_str()), bucket);
        entry.access_level = name.to_owned();
        entry.used_by = vec![name.to_owned()];
        entry.unobservable_because = Some(name.to_owned());
        entry.sources = json!([{ "policy": name, "statement": 0, "sid": name }]);
        all.actions.push(entry);
    }
    all.actions
        .push(row(name, name, "sqs:DeleteQueue", Bucket::NeverUsed));
    hostile_rest(&mut all);
    all
}

fn hostile_rest(all: &mut Analysis) {
    let name = HOSTILE.to_owned();
    let mut finding = all.findings[0].clone();
    finding.agent.clone_from(&name);
    finding.title.clone_from(&name);
    finding.category.clone_from(&name);
    finding.evidence = json!({ HOSTILE: HOSTILE });
    finding.query = format!("SELECT '{HOSTILE}'\n```\n# out");
    all.findings.push(finding);
    let mut outside = all.non_legitimate[0].clone();
    (outside.agent, outside.reason, outside.rule) = (name.clone(), name.clone(), name.clone());
    all.non_legitimate.push(outside);
    let mut attempted = all.attempted[0].clone();
    (attempted.agent, attempted.action) = (name.clone(), name.clone());
    attempted.first = at("2026-08-01T00:00:00Z");
    all.attempted.push(attempted);
    all.unattributed[0].reason.clone_from(&name);
    all.unmapped[0].event_name.clone_from(&name);
    all.coverage[0].account_id.clone_from(&name);
    all.policy_problems[0].reason.clone_from(&name);
    all.missing_parts = vec![MissingPart {
        account_id: name.clone(),
        part: name.clone(),
        region: name.clone(),
        subject: name.clone(),
        operation: name.clone(),
        code: name.clone(),
        message: name.clone(),
    }];
    all.run_id.clone_from(&name);
    all.catalog_version = name;
}

#[test]
fn parts_that_the_snapshot_lacks_are_named() {
    let mut all = organisation();
    let none = render_markdown(&review_of(&all)).unwrap();
    assert!(!none.contains("AWS did not give"), "{none}");
    all.missing_parts = vec![MissingPart {
        account_id: "111122223333".to_owned(),
        part: "AWS::KMS::Key".to_owned(),
        region: "eu-west-1".to_owned(),
        subject: String::new(),
        operation: "cloudformation:ListResources".to_owned(),
        code: "AccessDeniedException".to_owned(),
        message: "no".to_owned(),
    }];
    let review = review_of(&all);
    let row = "| 111122223333 | `AWS::KMS::Key` | eu-west-1 | `cloudformation:ListResources` | AccessDeniedException |";
    let text = render_markdown(&review).unwrap();
    assert!(text.contains(row), "{text}");
    let page = render_html(&review).unwrap();
    assert!(page.contains("AWS did not give"));
    let json: Value = serde_json::from_str(&render_json(&review).unwrap()).unwrap();
    assert_eq!(
        json["organisation"]["missing_parts"][0]["part"],
        "AWS::KMS::Key"
    );
}

fn assert_shows_every_character(text: &str) {
    let odd = text
        .chars()
        .find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
    assert_eq!(odd, None);
}

#[test]
fn hostile_text_is_text_in_html() {
    let page = render_html(&review_of(&hostile())).unwrap();
    assert_shows_every_character(&page);
    assert!(!page.contains("<script"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;|`x`\\r\\n=cmd()\\u{202e}txt\\u{1b}[31m&quot;&#39;&amp;amp;"));
    for (opening, closing) in [
        ("<tr", "</tr>"),
        ("<table", "</table>"),
        ("<details", "</details>"),
        ("<article", "</article>"),
    ] {
        assert_eq!(
            page.matches(opening).count(),
            page.matches(closing).count(),
            "{opening}"
        );
    }
}

#[test]
fn hostile_text_is_text_in_markdown() {
    let text = render_markdown(&review_of(&hostile())).unwrap();
    assert_shows_every_character(&text);
    let mut fence: Option<String> = None;
    let mut columns = 0;
    for line in text.lines() {
        match &fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => {
                fence = Some(line.chars().take_while(|c| *c == '`').collect());
            }
            None => {
                assert_no_markup(line);
                let bars = line
                    .replace("\\\\", "")
                    .replace("\\|", "")
                    .matches('|')
                    .count();
                if !line.starts_with('|') {
                    columns = 0;
                } else if columns == 0 {
                    columns = bars;
                }
                assert_eq!(bars, columns, "{line}");
            }
        }
    }
    assert_eq!(fence, None);
}

/// Outside code, neither an element nor a link nor a line of its own.
fn assert_no_markup(line: &str) {
    let bare = line
        .replace("\\\\", "")
        .replace("\\<", "")
        .replace("\\[", "")
        .replace("\\`", "")
        .replace("\\:", "");
    let prose: String = bare.split('`').step_by(2).collect();
    assert!(
        !prose.contains('<') && !prose.contains('[') && !prose.contains("://"),
        "{line}"
    );
    assert!(!line.starts_with('='), "{line}");
}

#[test]
fn hostile_text_is_text_in_json() {
    let review = review_of(&hostile());
    let text = render_json(&review).unwrap();
    assert_shows_every_character(&text);
    let json: Value = serde_json::from_str(&text).unwrap();
    let agents = json["agents"].as_array().unwrap();
    assert!(agents.iter().any(|agent| agent["name"] == HOSTILE));
}

#[test]
fn a_long_list_is_summed_up_and_whole_in_json() {
    let rows = (0..20_000)
        .map(|number| {
            row(
                "admin",
                "app",
                &format!("svc{}:Action{number}", number % 300),
                Bucket::NeverUsed,
            )
        })
        .collect();
    let review = review_of(&analysis(
        vec![agent("admin", "app")],
        vec![role("app", &["admin"], vec![])],
        rows,
        vec![],
    ));
    let page = render_html(&review).unwrap();
    assert!(page.len() < 200_000, "{}", page.len());
    assert!(page.contains("And 15,980 actions of 240 more services, in review.json."));
    let json: Value = serde_json::from_str(&render_json(&review).unwrap()).unwrap();
    assert_eq!(
        json["agents"][0]["roles"][0]["actions"]
            .as_array()
            .unwrap()
            .len(),
        20_000
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_name_renders(name in any::<String>()) {
        let rows = vec![row(&name, &name, &name, Bucket::NeverUsed)];
        let review = review_of(&analysis(vec![agent(&name, &name)], vec![role(&name, &[&name], vec![])], rows, vec![]));
        prop_assert!(!render_html(&review).unwrap().contains("<script"));
        prop_assert!(render_markdown(&review).is_ok());
        prop_assert!(serde_json::from_str::<Value>(&render_json(&review).unwrap()).is_ok());
    }
}
