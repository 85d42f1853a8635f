//! Fetches what the binary carries along and the repository does not hold: GraphiQL, the query page in the browser, and the
//! fonts of reports.
//!
//! With npm on PATH, the packages pinned in the folders below are installed below `OUT_DIR`, the files that are needed are kept
//! there, and a `cfg` is set. Without npm, without network or where it is not wanted, the build goes on all the same: the server
//! offers its built-in plain page, and reports use the fonts of the machine.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Packages of npm that the binary carries along, if npm is there to fetch them.
struct Bundle {
    /// What it is called in warnings.
    name: &'static str,
    /// Where its manifests are.
    source: &'static str,
    /// Folder below `OUT_DIR` that holds what is kept.
    folder: &'static str,
    /// Where npm puts a file, and the name under which it is included.
    assets: &'static [(&'static str, &'static str)],
    /// The `cfg` that says that the files are there.
    cfg: &'static str,
    /// Variable that asks to do without.
    opt_out: &'static str,
    /// What happens without it.
    instead: &'static str,
}

const BUNDLES: [Bundle; 2] = [
    Bundle {
        name: "GraphiQL",
        source: "src/web/ide",
        folder: "ide",
        assets: &[
            ("graphiql/graphiql.min.js", "graphiql.min.js"),
            ("graphiql/graphiql.min.css", "graphiql.min.css"),
            ("react/umd/react.production.min.js", "react.js"),
            ("react-dom/umd/react-dom.production.min.js", "react-dom.js"),
        ],
        cfg: "rihla_graphiql",
        opt_out: "RIHLA_WITHOUT_GRAPHIQL",
        instead: "the built-in plain query page is served instead",
    },
    Bundle {
        name: "The font of reports",
        source: "src/interop/report/typeface",
        folder: "fonts",
        assets: &[
            ("@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf", "latin.ttf"),
            ("@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf", "latin-bold.ttf"),
            ("@expo-google-fonts/amiri/400Regular/Amiri_400Regular.ttf", "arabic.ttf"),
            ("@expo-google-fonts/amiri/700Bold/Amiri_700Bold.ttf", "arabic-bold.ttf"),
        ],
        cfg: "rihla_fonts",
        opt_out: "RIHLA_WITHOUT_FONTS",
        instead: "reports as PDF use fonts of the machine on which the program runs, if it has any",
    },
];
const MANIFESTS: [&str; 2] = ["package.json", "package-lock.json"];
const TIMEOUT: Duration = Duration::from_secs(180);

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    for bundle in &BUNDLES {
        println!("cargo::rustc-check-cfg=cfg({})", bundle.cfg);
        for name in MANIFESTS {
            println!("cargo::rerun-if-changed={}/{name}", bundle.source);
        }
        println!("cargo::rerun-if-env-changed={}", bundle.opt_out);
        // Who opted out knows, and needs no warning.
        if env::var_os(bundle.opt_out).is_some_and(|value| !value.is_empty()) {
            continue;
        }
        match bundle.fetch() {
            Ok(()) => println!("cargo::rustc-cfg={}", bundle.cfg),
            Err(reason) => println!(
                "cargo::warning={} is left out ({reason}); {}. To get it, install Node.js with npm, run `touch src/build.rs` and \
                 build again; to do without it, set {}=1.",
                bundle.name, bundle.instead, bundle.opt_out
            ),
        }
    }
}

impl Bundle {
    fn fetch(&self) -> Result<(), String> {
        let source = folder_from("CARGO_MANIFEST_DIR")?.join(self.source);
        let folder = folder_from("OUT_DIR")?.join(self.folder);
        if self.is_up_to_date(&source, &folder) {
            return Ok(());
        }
        prepare(&source, &folder).map_err(|error| format!("cannot prepare {}: {error}", folder.display()))?;
        let outcome = npm_ci(&folder).and_then(|()| self.keep_assets(&folder));
        // Up to 120 MB that nobody needs any more. If they cannot be removed, they are in the way of nothing.
        let _ = fs::remove_dir_all(folder.join("node_modules"));
        outcome
    }

    /// The assets are kept only after a complete installation, so that they and equal manifests mean: nothing to do.
    fn is_up_to_date(&self, source: &Path, folder: &Path) -> bool {
        let same = |name: &&str| match (fs::read(source.join(name)), fs::read(folder.join(name))) {
            (Ok(wanted), Ok(present)) => wanted == present,
            _ => false,
        };
        MANIFESTS.iter().all(same) && self.assets.iter().all(|(_, name)| folder.join(name).is_file())
    }

    fn keep_assets(&self, folder: &Path) -> Result<(), String> {
        for (installed, kept) in self.assets {
            fs::copy(folder.join("node_modules").join(installed), folder.join(kept))
                .map_err(|error| format!("npm installed no usable {installed}: {error}"))?;
        }
        Ok(())
    }
}

fn folder_from(variable: &str) -> Result<PathBuf, String> {
    env::var_os(variable).map(PathBuf::from).ok_or_else(|| format!("cargo did not set {variable}"))
}

fn prepare(source: &Path, folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for name in MANIFESTS {
        fs::copy(source.join(name), folder.join(name))?;
    }
    Ok(())
}

fn npm_ci(folder: &Path) -> Result<(), String> {
    let log = folder.join("npm.log");
    let mut npm = start_npm(folder, &log).map_err(|error| match error.kind() {
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
fn start_npm(folder: &Path, log: &Path) -> io::Result<Child> {
    let output = File::create(log)?;
    let errors = output.try_clone()?;
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .args(["--prefer-offline", "--fetch-retries=1"])
        .current_dir(folder)
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
