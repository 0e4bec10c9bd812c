#include "services/crierctl/table.hpp"

#include <gtest/gtest.h>

namespace crier::services::crierctl {
namespace {

TEST(Table, AlignsColumnsToTheWidestCell) {
  Table table({{"ID"}, {"AGE", Align::kRight}, {"STATE"}});
  table.add({"a", "3m02s", "active"});
  table.add({"longer", "5s", "slow"});
  EXPECT_EQ(table.take_text(),
            "ID        AGE  STATE\n"
            "a       3m02s  active\n"
            "longer     5s  slow\n");
}

TEST(Table, LeavesNoSpacesAtTheEndOfALine) {
  Table table({{"A"}, {"LONG TITLE"}});
  table.add({"x", ""});
  EXPECT_EQ(table.take_text(), "A  LONG TITLE\nx\n");
}

TEST(Table, PrintsTitlesOnceAndWidensWithLaterParts) {
  Table table({{"A"}, {"B"}});
  table.add({"1", "2"});
  EXPECT_EQ(table.take_text(), "A  B\n1  2\n");
  table.add({"1234", "2"});
  EXPECT_EQ(table.take_text(), "1234  2\n");
  table.add({"1", "2"});
  EXPECT_EQ(table.take_text(), "1     2\n");
}

TEST(Table, CountsCharactersRatherThanBytes) {
  Table table({{"A"}, {"B"}});
  table.add({"äöü", "x"});
  table.add({"abc", "y"});
  EXPECT_EQ(table.take_text(), "A    B\näöü  x\nabc  y\n");
}

}  // namespace
}  // namespace crier::services::crierctl
