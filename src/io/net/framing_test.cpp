#include "io/net/framing.hpp"

#include <string>

#include <gtest/gtest.h>

namespace hayate::net {
namespace {

std::string head(std::string_view fields, std::string_view start = "POST /v1/x HTTP/1.1") {
    return std::string(start) + "\r\n" + std::string(fields) + "\r\n";
}

TEST(Framing, AcceptsWhatOrdinaryClientsSend) {
    for (const char* fields :
         {"Host: a\r\nContent-Length: 5\r\n", "Host: a\r\nTransfer-Encoding: chunked\r\n",
          "Host: a\r\nTransfer-Encoding:   Chunked \r\n", "host: a:80\r\n"}) {
        EXPECT_FALSE(doubt_about_head(head(fields))) << fields;
    }
    EXPECT_FALSE(doubt_about_head(head("Host: a\r\n", "GET http://a/x?y HTTP/1.1")));
    EXPECT_FALSE(doubt_about_head(head("", "GET / HTTP/1.0")));
}

TEST(Framing, AnAbsoluteTargetIsReadAsItsPath) {
    EXPECT_EQ(origin_form("http://a/x?y"), "/x?y");
    EXPECT_EQ(origin_form("http://a"), "/");
    EXPECT_EQ(origin_form("https://a:80?y"), "/?y");
    EXPECT_EQ(origin_form("/x?u=http://a/"), "/x?u=http://a/");
    EXPECT_EQ(origin_form("*"), "*");
}

struct DoubtCase {
    const char* name;
    const char* start;
    const char* fields;
};

class DoubtfulHead : public testing::TestWithParam<DoubtCase> {};

TEST_P(DoubtfulHead, IsNamed) {
    const auto doubt = doubt_about_head(head(GetParam().fields, GetParam().start));
    ASSERT_TRUE(doubt);
    EXPECT_FALSE(doubt->empty());
}

constexpr const char* kPost = "POST / HTTP/1.1";

INSTANTIATE_TEST_SUITE_P(
    Framing, DoubtfulHead,
    testing::Values(
        DoubtCase{"GzipWithLength", kPost,
                  "Host: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n"},
        DoubtCase{"Xchunked", kPost,
                  "Host: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: 5\r\n"},
        DoubtCase{"ChunkedIdentity", kPost, "Host: a\r\nTransfer-Encoding: chunked, identity\r\n"},
        DoubtCase{"GzipAlone", kPost, "Host: a\r\nTransfer-Encoding: gzip\r\n"},
        DoubtCase{"ChunkedTwiceInOneField", kPost,
                  "Host: a\r\nTransfer-Encoding: chunked, chunked\r\n"},
        DoubtCase{"ChunkedTwice", kPost,
                  "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"},
        DoubtCase{"ChunkedInHttp10", "POST / HTTP/1.0",
                  "Host: a\r\nTransfer-Encoding: chunked\r\n"},
        DoubtCase{"LengthList", kPost, "Host: a\r\nContent-Length: 5, 5\r\n"},
        DoubtCase{"LengthTwice", kPost, "Host: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n"},
        DoubtCase{"LengthSigned", kPost, "Host: a\r\nContent-Length: +5\r\n"},
        DoubtCase{"LengthAndChunked", kPost,
                  "Host: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"},
        DoubtCase{"Folded", kPost, "Host: a\r\nX: a\r\n b\r\n"},
        DoubtCase{"FoldedEncoding", kPost, "Host: a\r\nTransfer-Encoding:\r\n chunked\r\n"},
        DoubtCase{"NoHost", kPost, "X: a\r\n"},
        DoubtCase{"TwoHosts", kPost, "Host: a\r\nHost: b\r\n"},
        DoubtCase{"OtherHost", "GET http://b/ HTTP/1.1", "Host: a\r\n"},
        DoubtCase{"EightBitTarget", "GET /\xc3\xa9 HTTP/1.1", "Host: a\r\n"},
        DoubtCase{"Fragment", "GET /#x HTTP/1.1", "Host: a\r\n"},
        DoubtCase{"AuthorityForm", "CONNECT a:443 HTTP/1.1", "Host: a:443\r\n"}),
    [](const auto& info) { return info.param.name; });

TEST(Framing, RefusesMoreThanAHundredFields) {
    std::string fields = "Host: a\r\n";
    for (int i = 0; i < 100; ++i) fields += "X: y\r\n";
    EXPECT_TRUE(doubt_about_head(head(fields)));
}

}  // namespace
}  // namespace hayate::net
