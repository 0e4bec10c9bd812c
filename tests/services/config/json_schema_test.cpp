#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

using google::protobuf::Struct;

// What the schema says of a key, by its path.
Struct rule_of(const std::vector<std::string>& path) {
  Struct rule;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json_schema(), &rule).ok());
  for (const auto& key : path) {
    const Struct group =
        rule.fields().contains("items") ? rule.fields().at("items").struct_value() : rule;
    const Struct keys = group.fields().at("properties").struct_value();
    if (!keys.fields().contains(key)) {
      ADD_FAILURE() << "no key " << key;
      return {};
    }
    rule = keys.fields().at(key).struct_value();
  }
  return rule;
}

TEST(JsonSchema, AFlagIsABoolean) {
  EXPECT_EQ(rule_of({"control", "insecure"}).fields().at("type").string_value(), "boolean");
}

TEST(JsonSchema, AChoiceIsOneOfItsNames) {
  const auto names = rule_of({"listeners", "auth", "method"}).fields().at("enum").list_value();
  ASSERT_EQ(names.values_size(), 4);
  EXPECT_EQ(names.values(0).string_value(), "none");
  EXPECT_EQ(names.values(3).string_value(), "certificate");
}

TEST(JsonSchema, ACountHasItsRange) {
  const Struct rule = rule_of({"listeners", "accept_rate"});
  EXPECT_EQ(rule.fields().at("type").string_value(), "integer");
  EXPECT_EQ(rule.fields().at("minimum").number_value(), 0);
  EXPECT_EQ(rule.fields().at("maximum").number_value(), 1'000'000);
}

TEST(JsonSchema, GroupsTakeNoOtherKeys) {
  EXPECT_FALSE(rule_of({"listeners", "tls"}).fields().at("additionalProperties").bool_value());
}

}  // namespace
}  // namespace crier::services::config
