"""Opens the reports as their readers do: DOCX with LibreOffice, PDF with poppler, HTML with an accessibility checker.

    python3 reports.py PROGRAM DATA_FOLDER SCRATCH_FOLDER

The report on Objective 1 is made from the demo catalogue in three languages and four formats. Every check names what it found; the exit code is
that of the worst.
"""

import pathlib
import re
import subprocess
import sys
import unicodedata
import zipfile

PROGRAM, DATA, SCRATCH = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
HERE = pathlib.Path(__file__).resolve().parent
LANGUAGES = ["en", "fr", "ar"]
# A sentence that every report has, in the order in which it is read: what is not documented is not called absent.
NOT_DOCUMENTED = {"en": "Not documented", "fr": "Non documenté", "ar": "غير موثق"}
DIRECTION = {"en": "ltr", "fr": "ltr", "ar": "rtl"}
failures = 0


def check(name, holds, found=""):
    global failures
    if holds:
        print(f"  ok    {name}")
    else:
        failures += 1
        print(f"  FAIL  {name}: {found}"[:600])


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def plain(text):
    """Words without marks of direction, presentation forms and the breaking of lines."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", text)


def make(language, form):
    path = SCRATCH / f"report-{language}.{form}"
    run(
        PROGRAM, "report", "objective-1", "--country", "MA", "--until", "2026-12-31", "--edition", "latest", "--records", "published",
        "--language", language, "--format", form, "--output", path, "--data-dir", DATA,
    )
    return path


def words_of_pdf(path):
    return plain(run("pdftotext", path, "-"))


def has_ink(path, page):
    """Share of pixels of a page that are not white."""
    stem = path.with_suffix(f".page{page}")
    run("pdftoppm", "-gray", "-r", "40", "-f", str(page), "-l", str(page), "-singlefile", path, stem)
    data = stem.with_suffix(stem.suffix + ".pgm").read_bytes()
    header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
    pixels = data[header.end():]
    return sum(1 for value in pixels if value < 200) / len(pixels)


def look_at_pdf(language, path):
    facts = run("pdfinfo", path)
    pages = int(re.search(r"Pages:\s+(\d+)", facts).group(1))
    check(f"{language} pdf: several pages", pages > 5, pages)
    check(f"{language} pdf: tagged for readers who do not see", re.search(r"Tagged:\s+yes", facts), facts)
    check(f"{language} pdf: has a title", re.search(r"Title:\s+\S", facts), facts)
    check(f"{language} pdf: no page is empty", all(has_ink(path, page) > 0.001 for page in (1, 3, pages)))
    words = words_of_pdf(path)
    check(f"{language} pdf: words in reading order", plain(NOT_DOCUMENTED[language]) in words, words[:300])
    fonts = run("pdffonts", path).splitlines()[2:]
    embedded = [line for line in fonts if re.search(r"\byes\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+\s*$", line)]
    check(f"{language} pdf: every font is in the file", fonts and len(embedded) == len(fonts), fonts)
    return words


def look_at_docx(language, path):
    with zipfile.ZipFile(path) as package:
        check(f"{language} docx: the package is whole", package.testzip() is None)
        document = package.read("word/document.xml").decode()
    if language == "ar":
        check("ar docx: paragraphs from right to left", "<w:bidi" in document and "<w:rtl" in document)
    run("soffice", "--headless", f"-env:UserInstallation=file://{SCRATCH}/office", "--convert-to", "pdf", "--outdir", SCRATCH / "office-out", path)
    converted = SCRATCH / "office-out" / (path.stem + ".pdf")
    words = words_of_pdf(converted)
    check(f"{language} docx: LibreOffice reads it", plain(NOT_DOCUMENTED[language]) in words, words[:300])


def look_at_html(language, path):
    page = path.read_text(encoding="utf-8")
    check(f"{language} html: language and direction", f'lang="{language}"' in page and f'dir="{DIRECTION[language]}"' in page, page[:300])
    check(f"{language} html: no program in it", "<script" not in page.lower())
    check(f"{language} html: one first heading", page.count("<h1") == 1, page.count("<h1"))


def main():
    pages = []
    for language in LANGUAGES:
        html = make(language, "html")
        look_at_html(language, html)
        pages.append(html)
        look_at_pdf(language, make(language, "pdf"))
        look_at_docx(language, make(language, "docx"))
        markdown = make(language, "md").read_text(encoding="utf-8")
        check(f"{language} md: headings and tables", "\n# " in markdown and "|" in markdown and NOT_DOCUMENTED[language] in markdown, markdown[:200])
    axe = subprocess.run(["node", HERE / "axe.mjs", *pages], text=True, timeout=600)
    check("html: nothing that the accessibility checker finds", axe.returncode == 0)
    print(f"reports: {failures} failed")
    return 1 if failures else 0


sys.exit(main())
