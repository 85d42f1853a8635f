use super::*;

const LINK: &str = "https://rihla.example/x?token=abc";
const LANGUAGES: [&str; 3] = ["en", "fr", "ar"];

fn told(kind: NoticeKind, title: &str, reason: Option<&str>) -> Told {
    let (title, reason) = (title.to_owned(), reason.map(str::to_owned));
    Told { kind, title, reason, who: None, whom: None, promised: None, day: None, link: LINK.to_owned() }
}

fn notice(title: &str, reason: Option<&str>) -> Message {
    Message::Notice(told(NoticeKind::DraftReturned, title, reason))
}

/// With everything that a notice may say.
fn full(kind: NoticeKind, day: NoticeDay) -> Told {
    let (who, whom) = (Some("Statistics officer".to_owned()), Some("Researcher".to_owned()));
    let promised = Some("A module".to_owned());
    Told { who, whom, promised, day: Some((day, "2026-12-31".to_owned())), ..told(kind, "Enquête 2018 بيانات", Some("parce que")) }
}

/// One message of each variant, in each shape that changes its text.
fn messages() -> Vec<Message> {
    let link = || LINK.to_owned();
    let title = || "Enquête 2018 بيانات".to_owned();
    let due = || (title(), "2026-01-31".to_owned(), link());
    let mut all = vec![
        Message::Invitation { institution: Some("HCP".to_owned()), roles: vec![title(), title()], link: link(), days: 7 },
        Message::Invitation { institution: None, roles: Vec::new(), link: link(), days: 1 },
        Message::Named { who: "Researcher".to_owned(), titles: vec![title()], until: "2026-01-31".to_owned(), link: link() },
        Message::Named { who: "Researcher".to_owned(), titles: Vec::new(), until: "2026-01-31".to_owned(), link: link() },
        Message::PasswordReset { link: link(), minutes: 30 },
        Message::PasswordChanged,
        notice("Titre", None),
        Message::Digest { entries: NoticeKind::ALL.iter().map(|kind| full(*kind, NoticeDay::Answer)).collect(), manage: link() },
        Message::ReviewDue { titles: vec![due()], is_digest: false },
        Message::ReviewDue { titles: vec![due(), due()], is_digest: false },
        Message::ReviewDue { titles: vec![due()], is_digest: true },
        Message::SavedSearchHit { search: title(), titles: vec![(title(), link())], manage: link() },
        Message::WebhookDisabled { url_host: "hooks.example".to_owned(), since: "2026-01-31".to_owned(), link: link() },
    ];
    all.extend(NoticeKind::ALL.iter().map(|kind| Message::Notice(full(*kind, NoticeDay::Answer))));
    all.extend(NoticeDay::ALL.iter().map(|day| Message::Notice(full(NoticeKind::AccessReminder, *day))));
    all
}

#[test]
fn every_message_is_written_in_three_languages_without_gaps() {
    for message in messages() {
        let written = LANGUAGES.map(|language| render(language, "Rihla", &message));
        for (subject, body) in &written {
            assert!(!subject.contains(['{', '}', '\n']) && !body.contains(['{', '}', '\r']), "{subject}\n{body}");
            assert_eq!(crate::service::mail::subject(subject), *subject, "the subject needs no further cleaning");
            assert!(body.ends_with('\n') && !body.contains("\n\n\n") && !body.contains("“–”"), "{body}");
            for line in body.lines().filter(|line| line.contains("://")) {
                assert_eq!(line, LINK, "an address stands alone on its line");
            }
        }
        let [(_, english), (_, french), (_, arabic)] = &written;
        assert!(english.starts_with("Hello,") && french.starts_with("Bonjour,") && arabic.starts_with("تحية"));
    }
}

#[test]
fn a_day_says_what_it_is_and_a_summary_says_as_much_as_a_mail() {
    let words = |day| match day {
        NoticeDay::Answer => ["Please answer by: ", "Réponse attendue au plus tard le : ", "الجواب مطلوب في أجل أقصاه: "],
        NoticeDay::Overdue => ["The answer was due on: ", "La réponse était attendue le : ", "كان الجواب مطلوبا في: "],
        NoticeDay::Use => ["Last day of use: ", "Dernier jour d'utilisation : ", "آخر يوم للاستعمال: "],
        NoticeDay::Appeal => ["An appeal is possible until: ", "Un recours est possible jusqu'au : ", "يمكن الطعن إلى غاية: "],
        NoticeDay::Commitment => ["Day named for it: ", "Échéance indiquée : ", "الأجل المحدد لذلك: "],
        NoticeDay::Wished => ["Wished for by: ", "Date souhaitée : ", "التاريخ المرغوب فيه: "],
        NoticeDay::Coordination => ["Open to coordination until: ", "Ouvert à la coordination jusqu'au : ", "مفتوح للتنسيق حتى: "],
    };
    for day in NoticeDay::ALL {
        let one = full(NoticeKind::AccessReminder, *day);
        for message in [Message::Notice(one.clone()), Message::Digest { entries: vec![one.clone()], manage: LINK.to_owned() }] {
            for (language, wording) in ["en", "fr", "ar"].into_iter().zip(words(*day)) {
                let (_, body) = render(language, "Rihla", &message);
                // In Arabic what was written by others stands between marks that keep its direction to itself.
                let body = body.replace(['\u{2068}', '\u{2069}', '\u{200F}'], "");
                assert!(body.contains(&format!("{wording}2026-12-31")), "{body}");
                assert!(["Statistics officer", "Researcher", "A module", "parce que"].iter().all(|part| body.contains(part)), "{body}");
            }
        }
    }
}

#[test]
fn arabic_lines_run_from_the_right() {
    for message in messages() {
        let (_, body) = render("ar", "Rihla", &message);
        for line in body.lines().filter(|line| !line.is_empty() && !line.contains("://")) {
            assert!(line.starts_with(clean::is_rtl) || line.starts_with(clean::RIGHT_TO_LEFT), "{line}");
        }
    }
}

#[test]
fn titles_of_the_other_direction_are_isolated() {
    let (subject, body) = render("fr", "Rihla", &notice("بيانات الهجرة", None));
    assert!(body.contains("« \u{2068}بيانات الهجرة\u{2069} »") && subject.contains("\u{2068}بيانات الهجرة\u{2069}"), "{body}");
    let (_, body) = render("ar", "الفهرس الوطني", &notice("Enquête", None));
    assert!(body.contains("«\u{2068}Enquête\u{2069}»") && body.contains("«الفهرس الوطني»"), "{body}");
}

#[test]
fn text_from_outside_cannot_add_lines_or_gaps() {
    let title = format!("a{{catalogue}}\r\nBcc: x@y.z\u{0}\u{2028}{}", "b".repeat(400));
    for language in LANGUAGES {
        let (subject, body) = render(language, "Rihla\r\n", &notice(&title, Some("x\n\nhttps://evil.example\r\n")));
        assert!(body.contains("a{catalogue} Bcc: x@y.z bbb") && body.contains("x https://evil.example"), "{body}");
        assert!(!body.lines().any(|line| line.starts_with("Bcc") || line.starts_with("https://evil")), "{body}");
        assert!(!subject.chars().any(char::is_control) && subject.chars().count() < 200, "{subject}");
        assert!(body.lines().all(|line| line.chars().count() < 500), "{body}");
    }
    let (_, body) = render("en", "Rihla", &notice("Title", Some(" \n")));
    assert!(!body.contains("Reason"), "an empty reason is left out: {body}");
}

#[test]
fn security_mails_say_what_to_do_and_others_how_to_change_them() {
    for message in messages() {
        let (_, body) = render("en", "Rihla", &message);
        let is_security = matches!(
            message,
            Message::Invitation { .. } | Message::Named { .. } | Message::PasswordReset { .. } | Message::PasswordChanged
        );
        assert_eq!(body.contains("need not do anything"), is_security, "{body}");
        assert_eq!(body.contains("You receive this") && body.contains("preferences"), !is_security, "{body}");
    }
}
