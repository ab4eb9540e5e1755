"""Every answer's share of kept deals stands beside what the answer looked at."""

from dataclasses import replace

from brief.answers import sample_answers, sample_diagnosis
from brief.sample import sample_analysis, sample_scenario
from servanda.brief.document import Table, plain
from servanda.brief.kept_shares import kept_shares_section
from servanda.charts.names import Names


def rows_of(answers):
    scenario = sample_scenario()
    section = kept_shares_section(
        {"analysis": sample_analysis(scenario)} | answers, Names(scenario)
    )
    tables = [block for block in section.blocks if isinstance(block, Table)]
    return [
        [plain(cell).replace("\u00a0", " ") for cell in row.cells]
        for table in tables
        for row in table.rows
    ]


def test_each_answer_that_counts_kept_deals_has_a_row_with_its_share():
    answers = sample_answers()
    shares = {row[0]: row[-1] for row in rows_of(answers)}
    assert shares["why no deal is kept yet"] == "24 %"
    assert {"the answer", "what would change it", "what outsiders can do"} < shares.keys()


def test_with_types_private_both_shares_stand_there():
    found = replace(sample_diagnosis(), as_it_is=0.31, types_known=0.42)
    known, private = [row for row in rows_of({"why": found}) if row[0].startswith("why")]
    assert ("types of actors known" in known[1], known[-1]) == (True, "42 %")
    assert ("types private" in private[1], private[-1]) == (True, "31 %")


def test_a_brief_alone_has_nothing_to_tell_apart():
    assert rows_of({}) == []
