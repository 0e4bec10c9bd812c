#include "dataplane/framing/base64.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace crier::dataplane {
namespace {

std::string encoded(std::string_view bytes) {
  std::string text;
  append_base64(text, bytes);
  return text;
}

TEST(Base64, EncodesTheVectorsOfItsStandard) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(Base64, RefusesWhatItWouldNotHaveWritten) {
  for (const std::string_view text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 9", "Zm9v\n",
                                      "Zm9v=", "====", "Z===", "Zg==Zg==", "Zm9-", "\xFF\xFF=="}) {
    std::string bytes;
    EXPECT_FALSE(append_from_base64(bytes, text)) << text;
  }
}

RC_GTEST_PROP(Base64, DoesAsOpensslDoes, (const std::string& bytes)) {
  std::string expected(base64_bytes(bytes.size()) + 1, '\0');
  const int size = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(expected.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  expected.resize(static_cast<std::size_t>(size));
  RC_ASSERT(encoded(bytes) == expected);
  std::string back = "before";
  RC_ASSERT(append_from_base64(back, expected));
  RC_ASSERT(back == "before" + bytes);
}

RC_GTEST_PROP(Base64, WhatItTakesIsTheOnlyTextForItsBytes, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ABCDZabz059+/==")));
  std::string bytes;
  if (append_from_base64(bytes, text)) RC_ASSERT(encoded(bytes) == text);
}

}  // namespace
}  // namespace crier::dataplane
