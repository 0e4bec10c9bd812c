#include "services/crierctl/payload_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>

namespace crier::services::crierctl {
namespace {

class PayloadFile : public testing::Test {
 protected:
  PayloadFile() { std::filesystem::create_directory(folder_); }
  ~PayloadFile() override { std::filesystem::remove_all(folder_); }

  std::string file_with(const std::string& bytes) {
    const auto path = folder_ / "payload";
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  static std::string error_of(const std::variant<std::string, PayloadError>& payload) {
    const auto* error = std::get_if<PayloadError>(&payload);
    return error != nullptr ? error->text : "";
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      ("crierctl-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) +
       "-" + std::to_string(getpid()));
};

TEST_F(PayloadFile, IsReadByteForByte) {
  const std::string bytes("a\0\r\n\xff\n", 6);
  EXPECT_EQ(std::get<std::string>(read_payload(file_with(bytes), 6)), bytes);
  EXPECT_EQ(std::get<std::string>(read_payload(file_with(""), 6)), "");
}

TEST_F(PayloadFile, IsRefusedAboveTheBound) {
  const std::string path = file_with("1234567");
  EXPECT_EQ(error_of(read_payload(path, 6)), path + " is larger than 6 B");
}

TEST_F(PayloadFile, SaysWhyItCannotBeRead) {
  const std::string missing = (folder_ / "missing").string();
  EXPECT_EQ(error_of(read_payload(missing, 6)),
            "cannot read " + missing + ": No such file or directory");
  EXPECT_EQ(error_of(read_payload(folder_.string(), 6)),
            "cannot read " + folder_.string() + ": Is a directory");
}

}  // namespace
}  // namespace crier::services::crierctl
