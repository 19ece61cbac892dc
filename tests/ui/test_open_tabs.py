"""Which tabs are notified of an edit."""

from designer.ui.http.open_tabs import OpenTabs


def test_tabs_of_the_same_pipeline_hear_of_each_other_and_no_others() -> None:
    tabs = OpenTabs()
    for tab, pipeline in (("a", "one"), ("b", "one"), ("c", "two")):
        tabs.show(tab, pipeline)
    assert tabs.others("a", {"a", "b", "c"}) == ["b"]
    assert tabs.others("c", {"a", "b", "c"}) == []


def test_a_tab_that_moved_on_or_was_closed_hears_nothing() -> None:
    tabs = OpenTabs()
    for tab in ("a", "b", "c"):
        tabs.show(tab, "one")
    tabs.show("b", "two")
    assert tabs.others("a", {"a", "b"}) == []
    assert tabs.others("a", {"a", "b", "c"}) == []  # closed tabs are forgotten


def test_tabs_of_a_named_pipeline_hear_of_it_from_a_tab_that_shows_another() -> None:
    tabs = OpenTabs()
    for tab, pipeline in (("a", "one"), ("b", "two"), ("c", "two")):
        tabs.show(tab, pipeline)
    assert tabs.others("a", {"a", "b", "c"}, "two") == ["b", "c"]
    assert tabs.others("b", {"a", "b", "c"}, "two") == ["c"]
