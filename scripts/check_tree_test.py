#!/usr/bin/env python3
"""Each rule of check_tree.py refuses what it is there to refuse, and nothing beside it."""
import unittest

from check_tree import problems


def found(path, text, existing=()):
    return list(problems(path, text, exists=lambda p: p in existing))


class CheckTree(unittest.TestCase):
    def refuses(self, path, text, word, existing=()):
        result = found(path, text, existing)
        self.assertEqual(len(result), 1, result)
        self.assertIn(word, result[0])

    def test_the_data_plane_knows_nothing_of_the_services(self):
        self.refuses("dataplane/a.cpp", '#include "services/b.hpp"\n', "must not include")
        for header in ("grpcpp/grpcpp.h", "google/protobuf/any.h", "prometheus/counter.h",
                       "hiredis/hiredis.h", "yaml-cpp/yaml.h", "spdlog/spdlog.h", "CLI/CLI.hpp",
                       "microhttpd.h"):
            self.refuses("dataplane/a.cpp", f"#include <{header}>\n", "must not include")
        self.assertEqual(found("dataplane/a.cpp", "#include <asio.hpp>\n#include <sys/uio.h>\n"), [])

    def test_pure_folders_do_not_see_asio(self):
        for folder in ("framing", "queue"):
            self.refuses(f"dataplane/{folder}/a.hpp", "#pragma once\n#include <asio.hpp>\n", "asio")

    def test_services_do_not_see_tests(self):
        self.refuses("services/a.cpp", '#include "tests/b.hpp"\n', "must not include",
                     ("tests/b.hpp",))

    def test_includes_are_named_from_the_root(self):
        self.refuses("services/app/a.cpp", '#include "b.hpp"\n', "must not include")
        self.refuses("services/app/a.cpp", '#include "services/b.hpp"\n', "no \"services/b.hpp\"")

    def test_the_own_header_comes_first(self):
        text = '#include <vector>\n#include "services/a.hpp"\n'
        self.refuses("services/a.cpp", text, "own header", ("services/a.hpp",))

    def test_sizes_and_guards(self):
        self.refuses("dataplane/a.cpp", "\n" * 401, "401 lines")
        self.assertEqual(found("dataplane/a.cpp", "\n" * 400), [])
        self.refuses("dataplane/a.hpp", "struct A;\n", "pragma")

    def test_unfinished_work(self):
        for mark in ("TO" + "DO", "FIX" + "ME"):
            self.refuses("docs/a.md", f"x\n{mark}: later\n", "a.md:2")

    def test_sleeps(self):
        for call in ("std::this_thread::sleep_for(x);", "usleep(3);", "sleep(1);",
                     "nanosleep(&a, 0);"):
            self.refuses("tests/a.cpp", call, "sleeps")
        self.refuses("tests/a.py", "time.sleep(1)", "sleeps")
        self.refuses("tests/a.sh", "  sleep 1\n", "sleeps")
        self.assertEqual(found("tests/a.cpp", "// never sleep_for() here\nasleep(1);"), [])


if __name__ == "__main__":
    unittest.main()
