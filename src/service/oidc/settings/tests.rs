use super::*;

const GOOD: &str = r#"
    [[provider]]
    name = "national"
    title = { en = "National account", fr = "Compte national" }
    issuer = "https://id.example.org"
    client_id = "catalog-web"
    client_secret_env = "SECRET"
    scopes = ["openid", "email", "roles", "email"]
    algorithms = ["ES256"]
    audience = "catalog"
    institution_claim = "institution"
    [provider.institutions]
    a = "ma-hcp"
    [[provider.grant]]
    claim = "roles"
    value = "institution_editor"
    role = "EDITOR"
    [[provider.grant]]
    claim = "roles"
    value = "audit"
    role = "AUDITOR"

    [[provider]]
    name = "machines"
    title = { ar = "آلات" }
    issuer = "http://127.0.0.1:9000/realm"
    audience = "catalog"
"#;

fn outside_read(text: &str) -> Result<Vec<ProviderSettings>, Vec<String>> {
    let variable = |name: &str| (name == "SECRET").then(|| "s3cret\n".to_owned());
    let file = |path: &str| match path {
        "full" => Ok("from-file\r\n".to_owned()),
        "empty" => Ok("\n".to_owned()),
        _ => Err(std::io::Error::from(std::io::ErrorKind::NotFound)),
    };
    read(text, &Outside { variable: &variable, file: &file })
}

fn faults(text: &str) -> Vec<String> {
    outside_read(text).err().unwrap_or_default()
}

/// Faults of a provider that is right but for these lines.
fn faults_of(lines: &str) -> Vec<String> {
    let needed = [("name", "\"a\""), ("title", "{ en = \"A\" }"), ("issuer", "\"https://id.example.org\""), ("client_id", "\"web\"")];
    let mut text = String::from("[[provider]]\n");
    for (key, value) in needed {
        let is_given = lines.lines().any(|line| line.trim().starts_with(&format!("{key} =")));
        if !is_given {
            text.push_str(&format!("{key} = {value}\n"));
        }
    }
    text.push_str(lines);
    faults(&text)
}

#[test]
fn a_good_file_is_read_with_its_defaults() {
    let providers = outside_read(GOOD).expect("providers");
    let [national, machines] = providers.as_slice() else { panic!("two providers") };
    assert_eq!(national.client_secret.as_ref().map(|secret| secret.secret().as_str()), Some("s3cret"));
    assert_eq!(national.scopes, ["email", "roles"]);
    assert_eq!((national.algorithms.as_slice(), national.require_at_jwt), ([SigningAlgorithm::Es256].as_slice(), true));
    assert_eq!(national.grants.iter().map(|grant| grant.role).collect::<Vec<_>>(), [Role::Editor, Role::Auditor]);
    assert_eq!(
        (national.title_in("fr-MA"), national.title_in("ar"), machines.title_in("en")),
        ("Compte national", "National account", "آلات")
    );
    assert_eq!((machines.algorithms.as_slice(), machines.client_id.as_deref()), (SigningAlgorithm::ALL.as_slice(), None));
    assert_eq!(machines.scopes, DEFAULT_SCOPES);
    assert!(!format!("{national:?}").contains("s3cret"));
    assert!(outside_read("").expect("no providers").is_empty());
}

#[test]
fn every_fault_is_named_at_once() {
    let found = faults(
        r#"
        colour = "red"
        [[provider]]
        name = "Not A Name"
        issuer = "http://id.example.org"
        algorithms = ["RS256", "HS256", "none"]
        secret = "x"
        [[provider.grant]]
        claim = "roles"
        role = "MEMBER"
        extra = 1
        "#,
    );
    let expected = [
        "`colour` is not a setting",
        "`name` is part of addresses",
        "`title` has no language",
        "`issuer` is not https",
        "`HS256` is not accepted",
        "`none` is not accepted",
        "`secret` is not a setting",
        "grant 1: `value` is missing",
        "`MEMBER` cannot be granted; choose from EDITOR, VALIDATOR, ACCESS_OFFICER, COORDINATOR, AUDITOR, ADMIN",
        "grant 1: `extra` is not a setting",
        "neither `client_id` nor `audience`",
    ];
    for text in expected {
        assert!(found.iter().any(|fault| fault.contains(text)), "{text} is not among {found:#?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn single_faults_are_found() {
    for (lines, text) in [
        ("name = 1", "`name` is a TOML integer"),
        ("name = \"\"", "`name` is missing"),
        ("title = { english = \"A\" }", "`english` is not a language tag"),
        ("title = { en = \" \" }", "`title.en` is not a text"),
        ("issuer = \"id.example.org\"", "`issuer` is not a URL"),
        ("issuer = \"https://id.example.org/?a=b\"", "has a query"),
        ("scopes = [\"email profile\"]", "is not a scope"),
        ("scopes = \"email\"", "`scopes` is a TOML string"),
        ("algorithms = []", "`algorithms` is empty"),
        ("algorithms = [\"rs256\"]", "`rs256` is not accepted"),
        ("client_secret = \"\"", "the client secret is empty"),
        ("client_secret_file = \"empty\"", "the client secret is empty"),
        ("client_secret_file = \"absent\"", "`absent` cannot be read"),
        ("client_secret_env = \"ABSENT\"", "no variable `ABSENT`"),
        ("client_secret = \"x\"\nclient_secret_env = \"SECRET\"", "more than one of"),
        ("client_id = \"\"\naudience = \"c\"\nclient_secret = \"x\"", "without `client_id`"),
        ("audience = \"web\"\nrequire_at_jwt = false", "ID tokens would pass"),
        ("institutions = { a = \"No Slug\" }", "is not a slug"),
        ("grant = { claim = \"a\" }", "[[provider.grant]]"),
        ("[[provider.grant]]\nclaim = \"a\"\nvalue = \"b\"\nrole = \"EDITOR\"", "does not say of which"),
        ("[[provider.grant]]\nclaim = \"a\"\nvalue = \"b\"\nrole = \"ADMIN\"\ninstitution = \"ma-hcp\"", "remove `institution`"),
    ] {
        let found = faults_of(lines);
        assert!(found.len() == 1 && found[0].contains(text), "{lines}: {found:?}");
    }
    assert!(faults_of("client_secret_file = \"full\"").is_empty());
    assert!(faults_of("audience = \"web\"").is_empty(), "the type in the header tells the tokens apart");
}

#[test]
fn names_and_issuers_of_tokens_are_unique() {
    let one =
        |name: &str| format!("[[provider]]\nname = \"{name}\"\ntitle = {{ en = \"A\" }}\nissuer = \"https://a.org\"\naudience = \"c\"\n");
    let found = faults(&format!("{}{}", one("a"), one("a")));
    assert!(found.len() == 2 && found[0].contains("is taken") && found[1].contains("same issuer"), "{found:?}");
}

#[test]
fn a_syntax_fault_does_not_show_the_line() {
    let found = faults("[[provider]]\nclient_secret = \"s3cret\" oops\n");
    assert!(found.len() == 1 && found[0].contains("line 2") && !found[0].contains("s3cret"), "{found:?}");
}
