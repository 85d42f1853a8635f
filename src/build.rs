//! Fetches GraphiQL, the query page in the browser, so that the binary can carry it along.
//!
//! With npm on PATH, the packages pinned in `src/web/ide` are installed below `OUT_DIR`, the four files that the
//! browser needs are kept in `OUT_DIR/ide`, and `cfg(rihla_graphiql)` is set. Without npm, without network or with
//! `RIHLA_WITHOUT_GRAPHIQL` set, the build goes on all the same, and the server offers its built-in plain page.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const SOURCE: &str = "src/web/ide";
const MANIFESTS: [&str; 2] = ["package.json", "package-lock.json"];
/// Where npm puts a file, and the name under which the web room includes it.
const ASSETS: [(&str, &str); 4] = [
    ("graphiql/graphiql.min.js", "graphiql.min.js"),
    ("graphiql/graphiql.min.css", "graphiql.min.css"),
    ("react/umd/react.production.min.js", "react.js"),
    ("react-dom/umd/react-dom.production.min.js", "react-dom.js"),
];
const OPT_OUT: &str = "RIHLA_WITHOUT_GRAPHIQL";
const TIMEOUT: Duration = Duration::from_secs(180);

fn main() {
    println!("cargo::rustc-check-cfg=cfg(rihla_graphiql)");
    println!("cargo::rerun-if-changed=src/build.rs");
    for name in MANIFESTS {
        println!("cargo::rerun-if-changed={SOURCE}/{name}");
    }
    println!("cargo::rerun-if-env-changed={OPT_OUT}");

    // Who opted out knows, and needs no warning.
    if env::var_os(OPT_OUT).is_some_and(|value| !value.is_empty()) {
        return;
    }
    match fetch_graphiql() {
        Ok(()) => println!("cargo::rustc-cfg=rihla_graphiql"),
        Err(reason) => println!(
            "cargo::warning=GraphiQL is left out ({reason}); the built-in plain query page is served instead. \
             To get GraphiQL, install Node.js with npm, run `touch src/build.rs` and build again; \
             to do without it, set {OPT_OUT}=1."
        ),
    }
}

fn fetch_graphiql() -> Result<(), String> {
    let source = folder_from("CARGO_MANIFEST_DIR")?.join(SOURCE);
    let ide = folder_from("OUT_DIR")?.join("ide");
    if is_up_to_date(&source, &ide) {
        return Ok(());
    }
    prepare(&source, &ide).map_err(|error| format!("cannot prepare {}: {error}", ide.display()))?;
    let outcome = npm_ci(&ide).and_then(|()| keep_assets(&ide));
    // About 120 MB that nobody needs any more. If they cannot be removed, they are in the way of nothing.
    let _ = fs::remove_dir_all(ide.join("node_modules"));
    outcome
}

fn folder_from(variable: &str) -> Result<PathBuf, String> {
    env::var_os(variable).map(PathBuf::from).ok_or_else(|| format!("cargo did not set {variable}"))
}

/// The assets are kept only after a complete installation, so that they and equal manifests mean: nothing to do.
fn is_up_to_date(source: &Path, ide: &Path) -> bool {
    let same = |name: &&str| match (fs::read(source.join(name)), fs::read(ide.join(name))) {
        (Ok(wanted), Ok(present)) => wanted == present,
        _ => false,
    };
    MANIFESTS.iter().all(same) && ASSETS.iter().all(|(_, name)| ide.join(name).is_file())
}

fn prepare(source: &Path, ide: &Path) -> io::Result<()> {
    if ide.exists() {
        fs::remove_dir_all(ide)?;
    }
    fs::create_dir_all(ide)?;
    for name in MANIFESTS {
        fs::copy(source.join(name), ide.join(name))?;
    }
    Ok(())
}

fn npm_ci(ide: &Path) -> Result<(), String> {
    let log = ide.join("npm.log");
    let mut npm = start_npm(ide, &log).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "npm is not installed".to_owned(),
        _ => format!("npm does not start: {error}"),
    })?;
    match wait_until(&mut npm, Instant::now() + TIMEOUT) {
        Ok(Some(status)) if status.success() => Ok(()),
        Ok(Some(status)) => Err(format!("npm failed, {status}{}", first_complaint(&log))),
        Ok(None) => Err(format!("npm was not done after {} s", TIMEOUT.as_secs())),
        Err(error) => Err(format!("npm cannot be waited for: {error}")),
    }
}

/// The output goes to a file: a pipe that nobody reads would stop npm once full.
fn start_npm(ide: &Path, log: &Path) -> io::Result<Child> {
    let output = File::create(log)?;
    let errors = output.try_clone()?;
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .args(["--prefer-offline", "--fetch-retries=1"])
        .current_dir(ide)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn()
}

/// `None` when the deadline came first; the process is then ended.
fn wait_until(process: &mut Child, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = process.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            process.kill()?;
            process.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// One line of npm's output for the warning, which cannot hold more.
fn first_complaint(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .find(|line| line.starts_with("npm error") || line.starts_with("npm ERR!"))
        .map(|line| format!(": {}", line.chars().take(160).collect::<String>()))
        .unwrap_or_default()
}

fn keep_assets(ide: &Path) -> Result<(), String> {
    for (installed, kept) in ASSETS {
        fs::copy(ide.join("node_modules").join(installed), ide.join(kept))
            .map_err(|error| format!("npm installed no usable {installed}: {error}"))?;
    }
    Ok(())
}
