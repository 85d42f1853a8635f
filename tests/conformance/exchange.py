#!/usr/bin/env python3
"""What is published for programs, read by the clients that others use.

exchange.py BASE_URL     a server with the demo catalogue

Judges: rdflib reads the catalogue in three syntaxes, page by page, and finds one graph; Sickle and oaipmh-scythe harvest it whole in
each format; ckanapi pages through it; the JSON schema of DataCite 4.5, as the package `datacite` ships it, takes each record.
"""
import json
import sys
import urllib.request

import ckanapi
import rdflib
from datacite import schema45
from oaipmh_scythe import Scythe
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF
from sickle import Sickle

base = sys.argv[1].rstrip("/")
passed, failed = 0, 0


def check(name, holds, told=""):
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}: {told}")


def fetch(path, accept="*/*"):
    request = urllib.request.Request(base + path, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")


def catalogue(extension, syntax):
    graph, path, met = rdflib.Graph(), f"/catalog.{extension}", set()
    while path and path not in met:
        met.add(path)
        page = rdflib.Graph().parse(data=fetch(path), format=syntax, publicID=base + path)
        following = [str(url) for url in page.objects(None, HYDRA.next)]
        graph += page
        path = following[0].removeprefix(base) if following else None
    return graph


def check_rdf(slugs):
    turtle, xml, json_ld = (catalogue(*each) for each in (("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld")))
    datasets = set(turtle.subjects(RDF.type, DCAT.Dataset))
    check("DCAT: every record is in the catalogue", len(datasets) == len(slugs), f"{len(datasets)} of {len(slugs)}")
    nameless = [str(each) for each in datasets if not list(turtle.objects(each, DCTERMS.title))]
    check("DCAT: every record has a title", not nameless, nameless[:3])
    check("DCAT: Turtle and RDF/XML are one graph", isomorphic(turtle, xml), f"{len(turtle)} and {len(xml)} triples")
    check("DCAT: Turtle and JSON-LD are one graph", isomorphic(turtle, json_ld), f"{len(turtle)} and {len(json_ld)} triples")


def check_oai(slugs):
    sickle = Sickle(f"{base}/oai", timeout=60)
    prefixes = {each.metadataPrefix for each in sickle.ListMetadataFormats()}
    check("OAI-PMH: the formats are offered", {"oai_dc", "oai_ddi25", "dcat"} <= prefixes, prefixes)
    for prefix in sorted(prefixes):
        records = list(sickle.ListRecords(metadataPrefix=prefix))
        identifiers = {each.header.identifier for each in records}
        check(f"OAI-PMH: Sickle harvests {prefix} whole", len(identifiers) == len(records) == len(slugs), f"{len(records)} of {len(slugs)}")
    with Scythe(f"{base}/oai") as scythe:
        found = [each.header.identifier for each in scythe.list_records(metadata_prefix="oai_ddi25")]
    check("OAI-PMH: oaipmh-scythe harvests it whole", len(set(found)) == len(slugs), f"{len(found)} of {len(slugs)}")


def check_ckan(slugs):
    with ckanapi.RemoteCKAN(base, user_agent="conformance") as portal:
        names = portal.action.package_list()
        check("CKAN: the list has every record", set(slugs) <= set(names), sorted(set(slugs) - set(names))[:3])
        found, start = [], 0
        while True:
            page = portal.action.package_search(start=start, rows=25)
            found += [each["name"] for each in page["results"]]
            start += len(page["results"])
            if not page["results"] or start >= page["count"]:
                break
        check("CKAN: paging gives each once", sorted(found) == sorted(set(found)) and set(slugs) <= set(found), f"{len(found)}")
        try:
            portal.action.package_show(id="there-is-no-such-record")
            check("CKAN: what is not there is not found", False, "an answer")
        except ckanapi.NotFound:
            check("CKAN: what is not there is not found", True)


def as_of_4_5(attributes):
    """The package's schema ends at 4.5 and has the year as text; the REST API has a number. What came with 4.6 and 4.7 is taken out."""
    attributes["publicationYear"] = str(attributes["publicationYear"])
    attributes["dates"] = [each for each in attributes.get("dates", []) if each["dateType"] != "Coverage"]
    related = attributes.get("relatedIdentifiers", [])
    attributes["relatedIdentifiers"] = [each for each in related if each["relationType"] != "Other"]
    return attributes


def check_datacite(slugs):
    for slug in slugs:
        answer = as_of_4_5(json.loads(fetch(f"/dataset/{slug}.datacite.json")))
        faults = [f"{list(each.path)}: {each.message[:120]}" for each in schema45.validator.iter_errors(answer)]
        check(f"DataCite JSON: {slug}", not faults, faults[:3])


def main():
    entries = json.loads(fetch("/data.json"))["dataset"]
    slugs = sorted(each["landingPage"].rsplit("/", 1)[-1] for each in entries)
    check("data.json has records", len(slugs) > 10, len(slugs))
    check_rdf(slugs)
    check_oai(slugs)
    check_ckan(slugs)
    check_datacite(slugs)
    print(f"exchange: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
