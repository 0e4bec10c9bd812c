#pragma once

#include <string_view>

// Keys and tokens that another implementation made: PyJWT 2.6.0 with cryptography 38.0.4.
namespace crier::services::credentials {

inline constexpr std::string_view kForeignSecret = "an issuer's secret of 32 bytes..";

inline constexpr std::string_view kForeignRsaPem =
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr9stkO83FyCD3"
    "6LFDvsQ\n52oLPTFAGUVjyDB2+PwWuUg4H1KS7ryEEO/2x+oBFDtvLJFvRUlXFKF8znYJbi8m\n/rYLBvoMMYX"
    "E4EtfI8t+Ru981IbcLmcROqocg+c+7CMvOQMa4WcPeKPx8SLX/1k9\ncFKoatQVpVksZbJkRxAYeFnWjIy/1n"
    "8l1uMPSvX7SxGDo7sGEnqLp+iFIGyZLQG3\nnf5KcEaREeOtcnpQeMFu0hWYNK8pd6Uy0EwWwMLy7Li8enlb7"
    "6p1KOXmEaFJIwQu\npBqaCron3xjuEu8pchCged1pYJ1UPEDIZTE774iFYawDXJFm3kwnA8KjSQD/3ind\nSwI"
    "DAQAB\n-----END PUBLIC KEY-----\n";

inline constexpr std::string_view kForeignEcPem =
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE6m/VDIhEoXq0ycw9Pq2Di"
    "xlqkfia\nrUvA0IRTwC5+84N4sjyrmLWCjEe40OmkA0/xeSupE3jYfJ6p8NqrZJYLyA==\n-----END PUBLIC"
    " KEY-----\n";

inline constexpr std::string_view kForeignJwks =
    "{\"keys\": [{\"kty\": \"RSA\", \"key_ops\": [\"verify\"], \"n\": "
    "\"r9stkO83FyCD36LFDvsQ52oLPTFAGU"
    "VjyDB2-PwWuUg4H1KS7ryEEO_2x-oBFDtvLJFvRUlXFKF8znYJbi8m_rYLBvoMMYXE4EtfI8t-Ru981IbcLm"
    "cROqocg-c-7CMvOQMa4WcPeKPx8SLX_1k9cFKoatQVpVksZbJkRxAYeFnWjIy_1n8l1uMPSvX7SxGDo7sGEn"
    "qLp-iFIGyZLQG3nf5KcEaREeOtcnpQeMFu0hWYNK8pd6Uy0EwWwMLy7Li8enlb76p1KOXmEaFJIwQupBqaCr"
    "on3xjuEu8pchCged1pYJ1UPEDIZTE774iFYawDXJFm3kwnA8KjSQD_3indSw\", \"e\": \"AQAB\", \"kid\": \""
    "rsa-1\", \"use\": \"sig\"}, {\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": "
    "\"6m_VDIhEoXq0ycw9Pq2Dixlqk"
    "fiarUvA0IRTwC5-84M\", \"y\": \"eLI8q5i1goxHuNDppANP8XkrqRN42HyeqfDaq2SWC8g\", \"kid\": \"ec-"
    "1\", \"alg\": \"ES256\"}]}";

inline constexpr std::string_view kForeignHs256 =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWI"
    "iOiJtZXRlci03IiwiYXVkIjpbImNyaWVyIiwib3RoZXIiXSwiaWF0IjoxNjk5OTk5OTkwLCJuYmYiOjE2OTk"
    "5OTk5OTAsImV4cCI6MTcwMDAwMzYwMCwic2l0ZSI6Im5vcnRoIiwiZmxvb3IiOjN9.lme4GwJPO5dJgYcBXd"
    "PHel0VjZiJap3VAZ3eyaOqZRs";

inline constexpr std::string_view kForeignRs256 =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS0xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2xvZ2lu"
    "LmV4YW1wbGUiLCJzdWIiOiJtZXRlci03IiwiYXVkIjpbImNyaWVyIiwib3RoZXIiXSwiaWF0IjoxNjk5OTk5"
    "OTkwLCJuYmYiOjE2OTk5OTk5OTAsImV4cCI6MTcwMDAwMzYwMCwic2l0ZSI6Im5vcnRoIiwiZmxvb3IiOjN9"
    ".RdWUd4YDHYJ-_tRccIIzcf7HwTAWgDDj7moFPC-RZtgTKPxasrmNHF-CUnIxoX__r1gH6-UX-jQkE0WtWRm"
    "gr5a5iO-B7i2zSV-wCqKz3BBB34wES8ad1BWm501eOT59LozQ_UNGv_I8IPQSKHgRO4ZDV0EohfonQ8avV7K"
    "vVHZN-aCJT-B7-EFgg6nH3A2FwINVXWNpE0WcjZ-0qMUTlTWdflxH2_9-FheRdrDqznwzBSEsvkgN2fZH_BF"
    "jCtztaJslrg48eKqU8p0pyJc19nJXDA4twwqJ-yZln68f0X38cpmRP6QiXbmlclNPOMaOnYNGmVQx7xGQVPz"
    "hwVbjlQ";

inline constexpr std::string_view kForeignEs256 =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luL"
    "mV4YW1wbGUiLCJzdWIiOiJtZXRlci03IiwiYXVkIjpbImNyaWVyIiwib3RoZXIiXSwiaWF0IjoxNjk5OTk5O"
    "TkwLCJuYmYiOjE2OTk5OTk5OTAsImV4cCI6MTcwMDAwMzYwMCwic2l0ZSI6Im5vcnRoIiwiZmxvb3IiOjN9."
    "2q6iEJuXblkIGgIQkA5cgGDc7rN-xdNztsjzM1L4N3IKilwSGJzaxrpVTO9GiEXDsM40NzlIHn4cAQIJ8ql2"
    "7g";

}  // namespace crier::services::credentials
