//! The templates of one form, compiled into the binary: views in, text out.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::escape;
use super::view::{AgentView, ChangeView, OrganisationView, PageView};
use crate::Error;

/// A template: its file name, and its text.
type Template = (&'static str, &'static str);

/// The templates of one form.
pub(super) struct Form {
    page: Template,
    agent: Template,
    change: Template,
    organisation: Template,
}

macro_rules! template {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../templates/", $name, ".j2")),
        )
    };
}

/// The Markdown form.
pub(super) const MARKDOWN: Form = Form {
    page: template!("page.md"),
    agent: template!("agent.md"),
    change: template!("change.md"),
    organisation: template!("organisation.md"),
};

/// The HTML form.
pub(super) const HTML: Form = Form {
    page: template!("page.html"),
    agent: template!("agent.html"),
    change: template!("change.html"),
    organisation: template!("organisation.html"),
};

/// The style sheet of the HTML form; it stands in the page.
const STYLE: &str = include_str!("../../templates/style.css");

/// The templates of one form, ready to render.
pub(super) struct Templates {
    environment: Environment<'static>,
    form: &'static Form,
}

impl Templates {
    /// Compiles the templates.
    pub(super) fn new(form: &'static Form) -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()
            .map_err(|source| Error::Render {
                template: form.page.0,
                source,
            })?;
        environment.set_syntax(syntax);
        environment.set_auto_escape_callback(|name| {
            if name.rsplit('.').next() == Some("html") {
                AutoEscape::Html
            } else {
                AutoEscape::Custom(escape::MARKDOWN.into())
            }
        });
        environment.set_formatter(escape::print);
        environment.add_filter("code", escape::code);
        environment.add_filter("block", escape::block);
        environment.add_filter("num", escape::num);
        for (name, text) in [form.page, form.agent, form.change, form.organisation] {
            environment
                .add_template(name, text)
                .map_err(|source| Error::Render {
                    template: name,
                    source,
                })?;
        }
        Ok(Self { environment, form })
    }

    /// One agent's part.
    pub(super) fn agent(&self, view: &AgentView<'_>) -> Result<String, Error> {
        self.part(self.form.agent, view)
    }

    /// One role's policy changes.
    pub(super) fn change(&self, view: &ChangeView<'_>) -> Result<String, Error> {
        self.part(self.form.change, view)
    }

    /// What belongs to no single agent.
    pub(super) fn organisation(&self, view: &OrganisationView<'_>) -> Result<String, Error> {
        self.part(self.form.organisation, view)
    }

    /// The whole, around its rendered parts.
    pub(super) fn page(
        &self,
        view: &PageView<'_>,
        agents: String,
        changes: String,
        organisation: String,
    ) -> Result<String, Error> {
        let parts = context! {
            page => Serde(view),
            agents => Value::from_safe_string(agents),
            changes => Value::from_safe_string(changes),
            organisation => Value::from_safe_string(organisation),
            style => Value::from_safe_string(STYLE.to_owned()),
        };
        render(&self.environment, self.form.page, parts)
    }

    fn part(&self, template: Template, view: impl Serialize) -> Result<String, Error> {
        render(&self.environment, template, Serde(view).into())
    }
}

fn render(
    environment: &Environment<'_>,
    (name, _): Template,
    view: Value,
) -> Result<String, Error> {
    let wrap = |source| Error::Render {
        template: name,
        source,
    };
    let template = environment.get_template(name).map_err(wrap)?;
    template.render(view).map_err(wrap)
}
