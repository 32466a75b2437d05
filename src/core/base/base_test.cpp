#include <gtest/gtest.h>

#include "core/base/crypto.hpp"
#include "core/base/error.hpp"
#include "core/base/ids.hpp"
#include "core/base/json_text.hpp"
#include "core/base/log.hpp"

namespace hayate::base {
namespace {

TEST(Crypto, Sha256MatchesFips180) {
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256Stream stream;
    stream.update("a");
    stream.update("bc");
    EXPECT_EQ(stream.finish_hex(), sha256_hex("abc"));
}

TEST(Crypto, HmacMatchesRfc4231Case2) {
    EXPECT_EQ(to_hex(as_view(hmac_sha256("Jefe", "what do ya want for nothing?"))),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Crypto, Base64UrlRoundTripsEveryLengthAndRefusesWhatIsNotCanonical) {
    std::string bytes;
    for (int i = 0; i < 70; ++i) {
        EXPECT_EQ(from_base64url(base64url(bytes)), bytes);
        bytes.push_back(static_cast<char>(i * 37));
    }
    EXPECT_EQ(base64url("\xfb\xff"), "-_8");
    EXPECT_FALSE(from_base64url("-_9"));   // bits left over are not zero
    EXPECT_FALSE(from_base64url("a"));     // no whole byte
    EXPECT_FALSE(from_base64url("ab+/"));  // the other alphabet
    EXPECT_FALSE(from_base64url("abc="));  // padding
}

TEST(Ids, ResponseIdsNameTheirShard) {
    EXPECT_EQ(shard_of_response(new_response_id(17)), 17U);
    EXPECT_FALSE(shard_of_response("r_abc"));
    EXPECT_FALSE(shard_of_response("r1x_0123456789012345678901"));
    EXPECT_FALSE(shard_of_response("s_0123456789012345678901"));
    EXPECT_TRUE(is_session_id(new_session_id()));
    EXPECT_FALSE(is_session_id("s_0123456789'; DROP TABLE"));
}

TEST(Ids, AMessageSentAgainOpensTheSameSession) {
    const std::string session = session_id_for("shop/customer:c-001", "m1");
    EXPECT_TRUE(is_session_id(session));
    EXPECT_EQ(session_id_for("shop/customer:c-001", "m1"), session);
    EXPECT_NE(session_id_for("shop/customer:c-001", "m2"), session);
    EXPECT_NE(session_id_for("shop/customer:c-002", "m1"), session);
    EXPECT_NE(session_id_for("shop/customer:c-00", "1m1"), session);
}

TEST(Log, OneEventIsOneLineWhateverTheValueHolds) {
    EXPECT_EQ(format_log_line("turn", {{"id", "a b\n\"c\""}, {"n", 3}, {"ok", true}}),
              "turn id=\"a b\\x0a\\\"c\\\"\" n=3 ok=true");
    const std::string line = format_log_line("x", {{"v", "\xe2\x80\xa8\xc2\x85\x1b[31m"}});
    EXPECT_EQ(line, "x v=\"\\u\\u\\x1b[31m\"");
}

TEST(JsonText, EscapesWhatJsonForbidsAndKeepsTheRest) {
    EXPECT_EQ(json_string("a\"b\\c\n\x01鬼"), "\"a\\\"b\\\\c\\n\\u0001鬼\"");
    std::string number;
    append_number(number, 1.0 / 0.0);
    EXPECT_EQ(number, "null");
}

TEST(Errors, EveryKindHasAShape) {
    for (int kind = 0; kind <= static_cast<int>(ErrorKind::kInternal); ++kind) {
        const ErrorShape& shape = shape_of(static_cast<ErrorKind>(kind));
        EXPECT_FALSE(shape.name.empty());
        EXPECT_GE(shape.http_status, 400);
    }
}

}  // namespace
}  // namespace hayate::base
