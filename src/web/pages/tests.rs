use super::confirm::{MessageKind, SignedIn, WithoutForm, confirm_link, message, signed_in, without_form};
use super::invitation::{Invitation, invitation};
use super::password::PasswordError;
use super::preview::{Preview, preview};
use super::register::{Registering, register};
use super::reset::{reset, reset_request};
use super::sign_in::{SignIn, SignInError, sign_in};
use super::*;

const HOSTILE: &str = "\"><script>alert('x')</script>&<!--";

const PASSWORD_ERRORS: [PasswordError; 5] = [
    PasswordError::TooShort { minimum: 12 },
    PasswordError::TooLong,
    PasswordError::Mismatch,
    PasswordError::Common,
    PasswordError::SameAsEmail,
];

const SIGN_IN_ERRORS: [SignInError; 5] = [
    SignInError::WrongCredentials,
    SignInError::TooMany { retry_after_minutes: 15 },
    SignInError::Expired,
    SignInError::ProviderFailed,
    SignInError::ProviderUnavailable,
];

const MESSAGES: [MessageKind; 5] =
    [MessageKind::LinkExpired, MessageKind::SignedOut, MessageKind::PasswordChanged, MessageKind::Refused, MessageKind::NotFound];

fn plain(language: PageLanguage) -> Page<'static> {
    Page { catalogue_name: "Rihla", language, path: "/sign-in", keep: &[] }
}

fn sign_in_pages(page: &Page, text: &str) -> Vec<String> {
    let providers = [(text.to_owned(), text.to_owned())];
    let show = |error| sign_in(page, &SignIn { csrf: text, return_to: text, error, providers: &providers, email: text, registers: true });
    let mut pages = vec![show(None)];
    pages.extend(SIGN_IN_ERRORS.map(Some).map(show));
    pages
}

fn password_pages(page: &Page, text: &str) -> Vec<String> {
    let (roles, providers) = ([text.to_owned()], [(text.to_owned(), text.to_owned())]);
    let invite = |institution, error| {
        let shown = Invitation { csrf: text, action: page.path, institution, roles: &roles, email: text, error, providers: &providers };
        invitation(page, &shown)
    };
    let mut pages = vec![invite(None, None), invite(Some(text), None), reset(page, text, page.path, None)];
    for error in PASSWORD_ERRORS.map(Some) {
        pages.extend([invite(Some(text), error), reset(page, text, page.path, error)]);
    }
    pages.extend([reset_request(page, text, false), reset_request(page, text, true)]);
    let again = Registering::Again { email: text, function: text };
    pages.extend([Registering::Form, again, Registering::Sent].map(|shown| register(page, text, shown)));
    pages
}

fn telling_pages(page: &Page, text: &str) -> Vec<String> {
    let roles = [text.to_owned(), text.to_owned()];
    let mut pages = vec![confirm_link(page, text, page.path)];
    let no_roles: &[String] = &[];
    for roles in [&roles[..], no_roles] {
        pages.push(signed_in(page, &SignedIn { function: text, email: text, roles, csrf: text }));
    }
    pages.extend(MESSAGES.map(|kind| message(page, kind)));
    pages.extend([WithoutForm::Retired, WithoutForm::Outline].map(|why| without_form(page, why, page.path)));
    let rows = [(text.to_owned(), vec![text.to_owned(), text.to_owned()]), (text.to_owned(), Vec::new())];
    for notice_without_names in [true, false] {
        let shown = Preview { title: text, institution: text, state_label: text, rows: &rows, expires_on: text, notice_without_names };
        pages.push(preview(page, &shown));
    }
    pages
}

/// Every page in every state, with the text wherever something comes from outside.
fn every_page(language: PageLanguage, text: &str) -> Vec<String> {
    let path = format!("/{text}");
    let keep = [(text, text)];
    let page = Page { catalogue_name: text, language, path: &path, keep: &keep };
    [sign_in_pages(&page, text), password_pages(&page, text), telling_pages(&page, text)].concat()
}

/// What stands between a beginning and the next end, wherever the beginning occurs.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).map(|rest| rest.split(end).next().unwrap_or_default()).collect()
}

#[test]
fn every_page_is_whole_and_in_its_language() {
    for language in PageLanguage::ALL {
        let root = format!("<html lang=\"{}\" dir=\"{}\">", language.tag(), if language == PageLanguage::Ar { "rtl" } else { "ltr" });
        for page in every_page(language, "plain") {
            assert!(page.starts_with("<!doctype html>\n") && page.ends_with("</html>\n"), "{page}");
            assert!(page.contains(&root), "{page}");
            assert_eq!(page.matches("<h1").count(), 1, "{page}");
            assert_eq!(page.matches("aria-current").count(), 1, "{page}");
            assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"), "{page}");
            for foreign in ["{", "}", "<script", "<style", " style=", "http:", "https:"] {
                assert!(!page.contains(foreign), "{foreign} in {page}");
            }
        }
    }
}

#[test]
fn hostile_text_adds_no_markup_anywhere() {
    for language in PageLanguage::ALL {
        for (hostile, harmless) in every_page(language, HOSTILE).iter().zip(every_page(language, "plain")) {
            assert!(!hostile.contains("<script") && !hostile.contains("<!--"), "{hostile}");
            for mark in ['<', '>', '"', '\''] {
                let more = hostile.matches(mark).count();
                assert_eq!(more, harmless.matches(mark).count(), "{mark} in {hostile}");
            }
        }
    }
    assert_eq!(escape("<a href=\"x\" title='y'>&amp;</a>"), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

#[test]
fn every_input_has_a_label_and_says_what_may_fill_it_in() {
    for language in PageLanguage::ALL {
        for page in every_page(language, "plain") {
            for input in between(&page, "<input", ">") {
                if input.contains("type=\"hidden\"") {
                    continue;
                }
                let id = between(input, " id=\"", "\"").concat();
                assert_eq!(page.matches(&format!("<label for=\"{id}\">")).count(), 1, "{id} in {page}");
                assert!(input.contains("autocomplete=\""), "{input}");
                let is_island = input.contains("type=\"email\"") || input.contains("one-time-code");
                assert_eq!(input.contains("dir=\"ltr\""), is_island, "{input}");
            }
        }
    }
}

#[test]
fn every_reference_within_a_page_leads_to_one_place() {
    for page in every_page(PageLanguage::Ar, "plain") {
        let ids = between(&page, " id=\"", "\"");
        let mut wanted: Vec<&str> = between(&page, "href=\"#", "\"");
        wanted.extend(between(&page, "aria-labelledby=\"", "\""));
        wanted.extend(between(&page, "aria-describedby=\"", "\"").into_iter().flat_map(str::split_whitespace));
        for id in &wanted {
            assert!(ids.contains(id), "{id} in {page}");
        }
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{id} in {page}");
        }
    }
}

#[test]
fn a_problem_is_announced_and_tied_to_its_field() {
    let page = plain(PageLanguage::En);
    for error in PASSWORD_ERRORS {
        let shown = reset(&page, "mark", "/password-reset/secret", Some(error));
        assert!(shown.contains("role=\"alert\"") && shown.contains("<title>Error: "), "{shown}");
        assert_eq!(shown.matches("aria-invalid=\"true\" aria-describedby=\"problem").count(), 1, "{shown}");
    }
    assert!(reset(&page, "mark", "/x", Some(PASSWORD_ERRORS[0])).contains("at least 12 characters"));
    let quiet = reset(&page, "mark", "/password-reset/secret", None);
    assert!(!quiet.contains("role=\"alert\"") && !quiet.contains("aria-invalid"), "{quiet}");
}

#[test]
fn forms_go_where_they_should() {
    let providers = [("hcp".to_owned(), "HCP".to_owned()), ("a/b?c".to_owned(), "Other".to_owned())];
    let shown = SignIn { csrf: "mark", return_to: "/graphiql?query=x", error: None, providers: &providers, email: "", registers: false };
    let html = sign_in(&plain(PageLanguage::Fr), &shown);
    let actions = between(&html, "<form method=\"post\" action=\"", "\"");
    assert_eq!(actions, ["/sign-in?lang=fr", "/auth/hcp/start?lang=fr", "/auth/a%2Fb%3Fc/start?lang=fr"]);
    assert_eq!(html.matches("name=\"csrf\" value=\"mark\"").count(), 3);
    assert_eq!(html.matches("name=\"return_to\" value=\"/graphiql?query=x\"").count(), 3);
    let html = confirm_link(&plain(PageLanguage::En), "mark", "//elsewhere.example/x");
    assert_eq!(between(&html, "action=\"", "\""), ["/?lang=en"]);
    let html = confirm_link(&plain(PageLanguage::En), "mark", "/link?of=mail");
    assert_eq!(between(&html, "action=\"", "\""), ["/link?of=mail&amp;lang=en"]);
}

#[test]
fn the_language_switch_keeps_what_it_is_given_but_no_secret() {
    let keep = [("return_to", "/graphiql?a=b"), ("token", "secret"), ("lang", "en")];
    let page = Page { catalogue_name: "Rihla", language: PageLanguage::En, path: "/sign-in?token=secret", keep: &keep };
    let html = message(&page, MessageKind::SignedOut);
    assert!(html.contains("href=\"/sign-in?return_to=%2Fgraphiql%3Fa%3Db&amp;lang=ar\""), "{html}");
    assert!(!html.contains("secret"), "{html}");
    let inside = Page { path: "/invitation/abc", keep: &[], ..page };
    assert!(message(&inside, MessageKind::SignedOut).contains("href=\"/invitation/abc?lang=fr\""));
    // No path stands for the address of the page itself.
    assert!(message(&Page { path: "", ..inside }, MessageKind::SignedOut).contains("href=\"?lang=fr\""));
    for outside in ["//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example", "https://elsewhere.example"] {
        let page = Page { path: outside, ..inside };
        let html = message(&page, MessageKind::SignedOut);
        assert!(html.contains("href=\"/?lang=fr\"") && !html.contains("elsewhere"), "{outside:?}: {html}");
    }
}

#[test]
fn a_tag_names_its_language() {
    assert_eq!(PageLanguage::from_tag("ar-MA"), Some(PageLanguage::Ar));
    assert_eq!(PageLanguage::from_tag("FR"), Some(PageLanguage::Fr));
    assert_eq!(PageLanguage::from_tag("de"), None);
}

#[test]
fn a_draft_warns_before_its_title() {
    let shown = Preview {
        title: "Enquête",
        institution: "HCP",
        state_label: "Draft",
        rows: &[("Period".to_owned(), Vec::new())],
        expires_on: "2026-12-31",
        notice_without_names: false,
    };
    let html = preview(&plain(PageLanguage::En), &shown);
    let (before, after) = html.split_once("<h1>").unwrap_or_default();
    assert!(before.contains("Draft, not published, do not cite"), "{before}");
    assert!(after.contains("not documented") && !after.contains("<form"), "{after}");
}
