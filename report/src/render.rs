//! A review in three forms: the model in; Markdown, JSON and one self-contained HTML page out.
//!
//! JSON is the model itself and holds everything. Markdown and HTML come from one view of it
//! (`view.rs`), which sums up long lists, and from templates in `report/templates/`; whatever a
//! template prints is escaped for its form unless the view made it (`escape.rs`).

mod escape;
mod template;
mod view;

use crate::Error;
use crate::review::Review;
use crate::text::visible_json;
use template::{Form, HTML, MARKDOWN, Templates};
use view::{agent_view, change_view, organisation_view, page_view};

/// The review as Markdown.
///
/// # Errors
///
/// [`Error::Render`] if a template is wrong.
pub fn render_markdown(review: &Review) -> Result<String, Error> {
    render(review, &MARKDOWN)
}

/// The review as one HTML page that needs no other file, no network and no script.
///
/// # Errors
///
/// [`Error::Render`] if a template is wrong.
pub fn render_html(review: &Review) -> Result<String, Error> {
    render(review, &HTML)
}

/// The review as JSON: the whole model, with characters that do not show as `\uXXXX`.
///
/// # Errors
///
/// [`Error::Serialize`] if the model cannot be written.
pub fn render_json(review: &Review) -> Result<String, Error> {
    let json =
        serde_json::to_string_pretty(review).map_err(|source| Error::Serialize { source })?;
    let mut text = visible_json(&json).into_owned();
    text.push('\n');
    Ok(text)
}

fn render(review: &Review, form: &'static Form) -> Result<String, Error> {
    let templates = Templates::new(form)?;
    let page = page_view(review);
    let mut agents = String::new();
    for (place, entry) in page.ranking.iter().enumerate() {
        if let Some(view) = agent_view(review, &page, entry, place + 1) {
            agents.push_str(&templates.agent(&view)?);
        }
    }
    let mut changes = String::new();
    for role in &review.roles {
        if let Some(view) = change_view(review, &page, role) {
            changes.push_str(&templates.change(&view)?);
        }
    }
    let organisation = templates.organisation(&organisation_view(review, &page))?;
    templates.page(&page, agents, changes, organisation)
}

#[cfg(test)]
mod tests;
