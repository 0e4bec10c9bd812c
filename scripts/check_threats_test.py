#!/usr/bin/env python3
"""check_threats.py notices every way in which a page can name a test that is not there."""
import unittest

from check_threats import problems, rows

FILES = {
    "tests/a/some_test.cpp": "TEST_F(Some, Works) {\n}\nTEST_P(Some,\n       AlsoWorks) {\n",
    "tests/b/some_test.cpp": "RC_GTEST_PROP(Other, Holds, (int x)) {\n",
    "tests/e2e/test_it.py": "class It:\n    def test_goes(self):\n",
    "tests/fuzz/it_fuzz.cpp": "",
}


def page(*cells):
    return "\n".join(["text", "| threat | test |", "|---|---|", *(f"| t | {c} |" for c in cells)])


class CheckThreats(unittest.TestCase):
    def finds(self, cell, *words):
        found = list(problems("page", page(cell), FILES))
        self.assertEqual(len(found), len(words), found)
        for sentence, word in zip(found, words):
            self.assertIn(word, sentence)
            self.assertIn("page:4: t: ", sentence)

    def test_what_is_there_is_fine(self):
        self.finds("`some_test.cpp: Some.Works`, `a/some_test.cpp: Some.AlsoWorks`")
        self.finds("`some_test.cpp: Other.Holds` and `test_it.py: test_goes`")
        self.finds("`it_fuzz.cpp`")

    def test_what_is_not_there_is_found(self):
        self.finds("`some_test.cpp: Some.Fails`", "no test Some.Fails")
        self.finds("`b/some_test.cpp: Some.Works`", "no test Some.Works")
        self.finds("`test_it.py: test_stops`", "no test test_stops")
        self.finds("`other_test.cpp: Some.Works`", "no other_test.cpp")
        self.finds("`e_test.cpp: Some.Works`", "no e_test.cpp")

    def test_a_test_is_named_not_only_its_file(self):
        self.finds("`some_test.cpp`", "without the name of a test")
        self.finds("trust us", "names no test")
        self.finds("", "names no test")

    def test_a_pending_test_is_a_finding(self):
        self.finds("pending", "pending")
        self.finds("`some_test.cpp: Some.Works`; TLS: pending", "pending")

    def test_a_page_without_its_table_is_a_finding(self):
        found = list(problems("page", "| threat | cost |\n|---|---|\n| t | u |\n", FILES))
        self.assertEqual(found, ["page: no table whose last column is 'test'"])

    def test_only_the_tables_of_tests_are_read(self):
        text = page("x") + "\n\n| a | b |\n|---|---|\n| c | d |\n"
        self.assertEqual([cell for _, _, cell in rows(text)], ["x"])


if __name__ == "__main__":
    unittest.main()
