#include "services/config/schema.hpp"

#include <functional>

#include "dataplane/processors/registry.hpp"
#include "services/config/number.hpp"
#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

using google::protobuf::Descriptor;
using v1::KeyOptions;

void for_each_key(const Descriptor& group, const std::function<void(const Field&)>& visit) {
  for (int i = 0; i < group.field_count(); ++i) {
    visit(*group.field(i));
    if (group.field(i)->cpp_type() == Field::CPPTYPE_MESSAGE) {
      for_each_key(*group.field(i)->message_type(), visit);
    }
  }
}

bool is_number(KeyOptions::Kind kind) {
  return kind == KeyOptions::KIND_COUNT || kind == KeyOptions::KIND_DURATION ||
         kind == KeyOptions::KIND_BYTES;
}

TEST(Schema, EveryKeyIsDocumentedAndOfAKindTheLoaderKnows) {
  for_each_key(*v1::Config::descriptor(), [](const Field& field) {
    const auto& options = options_of(field);
    EXPECT_NE(options.doc(), "") << field.full_name();
    if (is_group(field) || is_list(field)) {
      EXPECT_EQ(options.kind(), KeyOptions::KIND_UNSPECIFIED) << field.full_name();
      return;
    }
    const bool may_be_empty = options.kind() == KeyOptions::KIND_TEXT && options.min() == "0";
    EXPECT_TRUE(may_be_empty || !options.default_().empty()) << field.full_name();
    if (is_number(options.kind())) {
      EXPECT_EQ(field.type(), Field::TYPE_INT64) << field.full_name();
    } else if (options.kind() == KeyOptions::KIND_CHOICE) {
      EXPECT_EQ(field.type(), Field::TYPE_ENUM) << field.full_name();
    } else if (options.kind() == KeyOptions::KIND_FLAG) {
      EXPECT_EQ(field.type(), Field::TYPE_BOOL) << field.full_name();
    } else {
      EXPECT_EQ(field.type(), Field::TYPE_STRING) << field.full_name();
      EXPECT_NE(options.kind(), KeyOptions::KIND_UNSPECIFIED) << field.full_name();
    }
  });
}

TEST(Schema, EveryNumberHasBoundsThatCanBeRead) {
  for_each_key(*v1::Config::descriptor(), [](const Field& field) {
    const auto& options = options_of(field);
    if (!is_number(options.kind()) || !options.one_of().empty()) {
      return;
    }
    const auto least = parse_number(options.kind(), options.min());
    const auto most = parse_number(options.kind(), options.max());
    ASSERT_TRUE(std::holds_alternative<std::int64_t>(least)) << field.full_name();
    ASSERT_TRUE(std::holds_alternative<std::int64_t>(most)) << field.full_name();
    EXPECT_LT(std::get<std::int64_t>(least), std::get<std::int64_t>(most)) << field.full_name();
  });
}

TEST(Schema, EveryTextSaysHowManyCharactersItMayHave) {
  for_each_key(*v1::Config::descriptor(), [](const Field& field) {
    const auto& options = options_of(field);
    if (options.kind() != KeyOptions::KIND_TEXT) {
      return;
    }
    for (const std::string& bound : {options.min(), options.max()}) {
      EXPECT_TRUE(std::holds_alternative<std::int64_t>(parse_number(KeyOptions::KIND_COUNT, bound)))
          << field.full_name();
    }
  });
}

TEST(Schema, EverySecretIsATextThatAFileMayHoldInstead) {
  int secrets = 0;
  for_each_key(*v1::Config::descriptor(), [&](const Field& field) {
    if (options_of(field).secret()) {
      ++secrets;
      EXPECT_EQ(options_of(field).kind(), KeyOptions::KIND_TEXT) << field.full_name();
      EXPECT_NE(field.containing_type()->FindFieldByName(field.name() + "_file"), nullptr)
          << field.full_name();
    }
  });
  EXPECT_EQ(secrets, 1);
}

TEST(Schema, EveryListSaysHowManyElementsItMayHave) {
  for_each_key(*v1::Config::descriptor(), [](const Field& field) {
    if (is_list(field)) {
      EXPECT_TRUE(std::holds_alternative<std::int64_t>(
          parse_number(KeyOptions::KIND_COUNT, options_of(field).max())))
          << field.full_name();
    }
  });
}

TEST(Schema, ChoicesAreLowerCaseWithoutThePrefix) {
  const auto* overflow = v1::Config::Queue::descriptor()->FindFieldByName("overflow");
  EXPECT_EQ(choices_of(*overflow),
            (std::vector<std::string>{"drop_newest", "drop_oldest", "disconnect"}));
  const auto* level = v1::Config::Log::descriptor()->FindFieldByName("level");
  EXPECT_EQ(choices_of(*level).front(), "trace");
}

TEST(Schema, EveryProcessorIsDocumented) {
  const auto* processor = v1::Config::Listener::descriptor()->FindFieldByName("processor");
  for (const auto name : dataplane::processor_names()) {
    EXPECT_THAT(options_of(*processor).doc(), ::testing::HasSubstr("`" + std::string(name) + "`"));
  }
}

TEST(Schema, SuggestsOnlyWhatIsClose) {
  const std::vector<std::string> keys = {"listeners", "shards", "limits"};
  EXPECT_EQ(closest("listners", keys), "listeners");
  EXPECT_EQ(closest("Shards", keys), "shards");
  EXPECT_EQ(closest("xyz", keys), "");
  EXPECT_EQ(closest("", keys), "");
  EXPECT_EQ(closest(std::string(1'000'000, 'x'), keys), "");
}

}  // namespace
}  // namespace crier::services::config
