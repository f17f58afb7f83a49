"""The benchmark's feeds of all pages: a record becomes the entry it tells of, and what is wrong with a feed is found."""

from __future__ import annotations

import json
from dataclasses import replace

from cleaner.datatypes import Article, LabelledPage, Outcome, Page
from cleaner.formats import to_json
from tests.benchmark.feeds import entry_of, findings
from tests.samples import entry, stored


def test_a_record_is_the_entry_it_tells_of() -> None:
    """All that feeds show of it, by way of the JSON that it is kept in; a rejected page is none."""
    made = entry(1, flags=(), categories=("Region",))
    record = json.loads(json.dumps(to_json("p", Outcome(LabelledPage(Page("", (), (), ()), (), 1.0), made))))
    found = entry_of({**record, "categories": made.categories, "rights": made.rights})
    assert found is not None
    kept = replace(made, page_id="", fetched=found.entry.fetched, article=replace(made.article, blocks=()))
    assert found.entry == kept
    assert entry_of({"text": None}) is None


def test_findings_are_found() -> None:
    """Good entries give none; text that nobody made safe gives one."""
    assert findings([stored(1), stored(2)]) == []
    assert findings([stored(1, article=Article("t", (), "t", "<p onclick=x>t</p>"))]) == ["SecurityRiskAttr: onclick"]
