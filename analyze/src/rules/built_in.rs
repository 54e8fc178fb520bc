//! The texts of `queries/legitimacy/`.

/// A rule's id and its file.
macro_rules! rule {
    ($id:literal) => {
        (
            $id,
            include_str!(concat!("../../../queries/legitimacy/", $id, ".sql")),
        )
    };
}

/// The rules that are built in: id and file, head comment included; by id.
pub const RULES: &[(&str, &str)] = &[
    rule!("credential_away_from_compute"),
    rule!("credential_from_several_places"),
    rule!("denied_burst"),
    rule!("first_use_after_baseline"),
    rule!("guardrails_changed"),
    rule!("logging_changed"),
    rule!("logging_turned_off"),
    rule!("model_from_new_place"),
    rule!("outside_envelope"),
    rule!("own_permissions_changed"),
    rule!("secrets_in_bulk"),
    rule!("unknown_client"),
    rule!("unlisted_role"),
];
