use super::builders::{csv, docx, odt, pdf, rows, xlsx};
use super::{accepted, refused};
use crate::domain::vocabulary::DocumentKind;
use crate::interop::documents::{MAX_BYTES, of_arabic};

fn protocol() -> Vec<String> {
    ["Protocole de recherche", "La méthode est un sondage.", "بروتوكول البحث حول الهجرة"].map(str::to_owned).to_vec()
}

#[test]
fn each_kind_is_known_by_its_content() {
    let table = rows(&["Région|2018|2019", "Souss-Massa|12|13", "Oriental|14|15"]);
    let lines: Vec<Vec<String>> = protocol().into_iter().map(|line| vec![line]).collect();
    for (name, bytes, kind, kept) in [
        ("Protocole.pdf", pdf(&lines), DocumentKind::Pdf, "Protocole.pdf"),
        ("Protocole", docx(&protocol(), &table), DocumentKind::Docx, "Protocole.docx"),
        ("بروتوكول.odt", odt(&protocol(), &table), DocumentKind::Odt, "بروتوكول.odt"),
        ("../x/Tableau.XLSX", xlsx(std::slice::from_ref(&table)), DocumentKind::Xlsx, "Tableau.xlsx"),
        ("t.csv", csv(&table, ";"), DocumentKind::Csv, "t.csv"),
        ("t", csv(&table, "\t"), DocumentKind::Csv, "t.csv"),
        ("t.txt", csv(&table, ","), DocumentKind::Text, "t.txt"),
        ("note", "Une phrase, et une autre.\nEncore une.".into(), DocumentKind::Text, "note.txt"),
    ] {
        let document = accepted(name, &bytes);
        assert_eq!((document.kind, document.name.as_str(), document.size), (kind, kept, bytes.len()), "{name}");
        assert!(document.has_text && document.sha256.len() == 64, "{document:?}");
    }
}

#[test]
fn a_name_that_claims_another_type_is_a_problem() {
    let bytes = pdf(&rows(&["text"]));
    for name in ["a.docx", "a.exe", "a.html", "a.txt", "a.csv"] {
        let told = refused(name, &bytes);
        assert!(told.starts_with("name: ") && told.contains("the content is PDF document"), "{told}");
    }
    assert!(refused("a.pdf", b"only text, and more text\n").contains("the content is Plain text"));
}

#[test]
fn text_is_read_in_the_encodings_of_the_region() {
    let text = "الاسم الكامل;تاريخ الميلاد\r\nمثال تجربة;12/03/1985\r\nنموذج عينة;13/03/1986\r\nشاهد دليل;14/03/1987\r\nعنوان مقطع;15/03/1988\r\nفقرة سطر;16/03/1989\r\n";
    let french = "Nom complet;Date de naissance\r\nÉlia Modèle;12/03/1985\r\nZoé Échantillon;13/03/1986\r\nAïda Spécimen;14/03/1987\r\nLéa Témoin;15/03/1988\r\nRené Épreuve;16/03/1989\r\n";
    let wide = |text: &str, little: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    for (what, bytes) in [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with mark", marked),
        ("UTF-16LE with mark", wide(text, true, true)),
        ("UTF-16BE with mark", wide(text, false, true)),
        ("UTF-16LE", wide(french, true, false)),
        ("Windows-1256", encoding_rs::WINDOWS_1256.encode(text).0.into_owned()),
        ("Windows-1252", encoding_rs::WINDOWS_1252.encode(french).0.into_owned()),
    ] {
        let told = refused("t.csv", &bytes);
        assert!(told.contains("dates of birth") && told.contains("names of persons"), "{what}: {told}");
    }
}

/// Some words in Arabic look like either encoding; what cannot be in the newer one is left as it was guessed.
#[test]
fn arabic_is_read_as_windows_writes_it_unless_it_cannot_be() {
    use encoding_rs::{ISO_8859_6, WINDOWS_1252, WINDOWS_1256};

    let text = "عنوان المسح: الهجرة والعودة، وهي من كتابة قديمة";
    assert_eq!(of_arabic(ISO_8859_6, &WINDOWS_1256.encode(text).0), WINDOWS_1256);
    assert_eq!(of_arabic(ISO_8859_6, &WINDOWS_1256.encode("slug;titles.ar\r\nma-x;عنوان\r\n").0), WINDOWS_1256);
    assert_eq!(of_arabic(ISO_8859_6, &ISO_8859_6.encode(text).0), ISO_8859_6);
    for french in [
        "Enquête",
        "Événement à l'été",
        "é, è, ç, œ",
        "À Fès",
        "État;Île;ÉTÉ;DÉCÈS;Œuvre;«À»",
        "Ça et là, çà et là",
        "1ª año; migración; São; Ñandú",
        "créées, n° 5, 10 × 3 – l’été",
    ] {
        let (bytes, _, has_more) = WINDOWS_1252.encode(french);
        assert!(!has_more, "{french}");
        for guessed in [WINDOWS_1252, WINDOWS_1256] {
            assert_eq!(of_arabic(guessed, &bytes), WINDOWS_1252, "{french}");
        }
    }
    for arabic in ["الهجرة", "slug;titles.ar;titles.fr\r\nma-x;هجرة;Enquête\r\n", "من 2014 إلى 2019", "مسح الأسر"] {
        let (bytes, _, has_more) = WINDOWS_1256.encode(arabic);
        assert!(!has_more, "{arabic}");
        for guessed in [WINDOWS_1252, WINDOWS_1256] {
            assert_eq!(of_arabic(guessed, &bytes), WINDOWS_1256, "{arabic}");
        }
    }
}

#[test]
fn empty_and_large_files_are_refused() {
    assert!(refused("a.txt", b"").contains("empty"));
    assert!(refused("a.txt", &vec![b'a'; MAX_BYTES + 1]).contains("5 MiB"));
    assert!(accepted("a.txt", &vec![b'a'; MAX_BYTES]).size == MAX_BYTES);
}

#[test]
fn a_scanned_pdf_is_told_apart_from_one_with_text() {
    assert!(!accepted("scan.pdf", &pdf(&[])).has_text);
}
