#include "core/config/addresses.hpp"

#include <gtest/gtest.h>

namespace hayate::config {
namespace {

TEST(Addresses, LoopbackIsOnlyWhatStaysOnThisMachine) {
    for (const char* text : {"127.0.0.1", "127.255.0.9", "::1", "localhost"}) {
        EXPECT_TRUE(is_loopback(text)) << text;
        EXPECT_TRUE(is_address(text)) << text;
    }
    for (const char* text : {"0.0.0.0", "::", "10.0.0.1", "fe80::1", "::ffff:127.0.0.1"}) {
        EXPECT_FALSE(is_loopback(text)) << text;
        EXPECT_TRUE(is_address(text)) << text;
    }
    for (const char* text : {"", "shop.example", "127.1", "127.0.0.1:80", "[::1]", "0x7f.0.0.1"}) {
        EXPECT_FALSE(is_loopback(text)) << text;
        EXPECT_FALSE(is_address(text)) << text;
    }
    EXPECT_TRUE(is_any_address("0.0.0.0"));
    EXPECT_TRUE(is_any_address("::"));
    EXPECT_FALSE(is_any_address("127.0.0.1"));
    EXPECT_FALSE(is_any_address(""));
}

TEST(Addresses, ABaseUrlIsSchemeHostPortAndPath) {
    for (const char* url : {"https://api.openai.com/v1", "http://127.0.0.1:8090",
                            "http://[::1]:80/x", "http://models", "https://h.example/"}) {
        EXPECT_EQ(base_url_problem(url), "") << url;
    }
    for (const char* url :
         {"", "api.openai.com", "ftp://h", "https://", "https:///v1", "http://u:p@h/", "http://h?q",
          "http://h#f", "http://h:0", "http://h:99999", "http://h:", "http://h h", "http://[::1",
          "http://-h", "http://h\\x", "http://h\n", "http://ホスト", "javascript://h"}) {
        EXPECT_NE(base_url_problem(url), "") << url;
    }
    EXPECT_TRUE(is_loopback_url("http://[::1]:80/x"));
    EXPECT_TRUE(is_loopback_url("http://localhost:1234/v1"));
    EXPECT_FALSE(is_loopback_url("http://localhost.evil.example/v1"));
}

TEST(Addresses, AnOriginIsExactlyWhatABrowserSends) {
    for (const char* origin : {"https://shop.example", "http://localhost:5173", "http://[::1]:9"}) {
        EXPECT_EQ(origin_problem(origin), "") << origin;
    }
    for (const char* origin :
         {"*", "null", "https://shop.example/", "https://Shop.example", "https://shop.example:443",
          "http://shop.example:80", "https://*.example", "https://shop.example/path"}) {
        EXPECT_NE(origin_problem(origin), "") << origin;
    }
}

}  // namespace
}  // namespace hayate::config
