#include "services/config/document.hpp"

#include <gtest/gtest.h>

namespace crier::services::config {
namespace {

Node tree_of(std::string_view yaml) {
  auto result = parse_document(yaml);
  if (const auto* error = std::get_if<DocumentError>(&result)) {
    ADD_FAILURE() << error->reason;
    return {};
  }
  return std::get<Node>(std::move(result));
}

DocumentError refused(std::string_view yaml) {
  const auto result = parse_document(yaml);
  const auto* error = std::get_if<DocumentError>(&result);
  EXPECT_NE(error, nullptr) << "accepted: " << yaml.substr(0, 80);
  return error == nullptr ? DocumentError{} : *error;
}

TEST(Document, KeepsLinesQuotesAndOrder) {
  const Node root = tree_of("# comment\na: 1\nb:\n  - 'x'\n  - y\n");
  ASSERT_EQ(root.kind, Node::Kind::kMap);
  ASSERT_EQ(root.children.size(), 2U);
  EXPECT_EQ(root.children[0].key, "a");
  EXPECT_EQ(root.children[0].key_line, 2);
  EXPECT_FALSE(root.children[0].quoted);
  const Node& list = root.children[1];
  ASSERT_EQ(list.kind, Node::Kind::kList);
  EXPECT_EQ(list.key_line, 3);
  ASSERT_EQ(list.children.size(), 2U);
  EXPECT_TRUE(list.children[0].quoted);
  EXPECT_EQ(list.children[1].text, "y");
  EXPECT_EQ(list.children[1].line, 5);
}

TEST(Document, KeepsBothOfTwoEqualKeys) {
  const Node root = tree_of("a: 1\na: 2\n");
  ASSERT_EQ(root.children.size(), 2U);
  EXPECT_EQ(root.children[1].key, "a");
  EXPECT_EQ(root.children[1].text, "2");
}

TEST(Document, AnEmptyTextIsNull) {
  EXPECT_EQ(tree_of("").kind, Node::Kind::kNull);
  EXPECT_EQ(tree_of("# only a comment\n").kind, Node::Kind::kNull);
  EXPECT_EQ(tree_of("---\n").kind, Node::Kind::kNull);
}

TEST(Document, RefusesWhatAConfigurationDoesNotNeed) {
  EXPECT_EQ(refused("a: 1\nb: &x 2\n").reason, "anchors are not supported");
  EXPECT_EQ(refused("a: 1\nb: &x 2\n").line, 2);
  EXPECT_EQ(refused("a: &x [1]\nb: *x\n").reason, "anchors are not supported");
  EXPECT_EQ(refused("a: !!int 1\n").reason, "tags are not supported");
  EXPECT_EQ(refused("a: !mine {b: 1}\n").reason, "tags are not supported");
  EXPECT_EQ(refused("? [a]\n: 1\n").reason, "a key must be a name");
  EXPECT_EQ(refused("? {a: 1}\n: 1\n").reason, "a key must be a name");
  EXPECT_EQ(refused("? \n: 1\n").reason, "a key must be a name");
  EXPECT_EQ(refused("a: 1\n---\nb: 2\n").reason,
            "a second document begins here; only one is allowed");
}

TEST(Document, RefusesBrokenYamlWithItsLine) {
  const DocumentError error = refused("a: 1\nb: [1, 2\nc: 3\n");
  EXPECT_GE(error.line, 2);
  EXPECT_EQ(error.reason.find("this is not valid YAML: "), 0U) << error.reason;
}

TEST(Document, RefusesAnAliasBombBeforeItGrows) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name <= 'k'; ++name) {
    bomb += std::string(1, name) + ": &" + name;
    bomb += std::string(" [*") + static_cast<char>(name - 1) + ", *" + static_cast<char>(name - 1) +
            "]\n";
  }
  EXPECT_EQ(refused(bomb).line, 1);
}

TEST(Document, BoundsDepthNodesAndBytes) {
  EXPECT_EQ(
      refused(std::string(kDocumentDepthMax + 1, '[') + std::string(kDocumentDepthMax + 1, ']'))
          .reason,
      "nested too deeply");
  EXPECT_EQ(tree_of(std::string(kDocumentDepthMax, '[') + std::string(kDocumentDepthMax, ']')).kind,
            Node::Kind::kList);
  std::string many = "[";
  for (std::size_t i = 0; i <= kDocumentNodesMax; ++i) {
    many += "1,";
  }
  EXPECT_EQ(refused(many + "1]").reason, "too many values");
  EXPECT_EQ(refused(std::string(kDocumentBytesMax + 1, ' ')).reason,
            "the file is larger than 1MiB");
  EXPECT_NE(refused(std::string(kDocumentBytesMax, '[')).reason, "");
}

}  // namespace
}  // namespace crier::services::config
