#include "core/wire/jwt.hpp"

#include <random>

#include <gtest/gtest.h>

#include "core/base/crypto.hpp"

namespace hayate::wire {
namespace {

constexpr int64_t kNow = 1'800'000'000;
constexpr int64_t kRfcExpiry = 1'300'819'380;  // of the examples of RFC 7515

// RFC 7515 appendix A.1 and A.2.
constexpr std::string_view kRfcPayload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
    "cnVlfQ";
constexpr std::string_view kRfcHs256Header = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
constexpr std::string_view kRfcHs256Signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kRfcHs256Key =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
constexpr std::string_view kRfcRs256Header = "eyJhbGciOiJSUzI1NiJ9";
constexpr std::string_view kRfcRs256Signature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W"
    "2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkS"
    "jtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnv"
    "Wh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
/// The RSA key of A.2, from its modulus.
constexpr std::string_view kRfcRs256Key = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj
NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz
P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo
9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB
EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX
FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp
oQIDAQAB
-----END PUBLIC KEY-----
)";
const std::string kSecret(32, 's');

std::string dotted(std::string_view a, std::string_view b, std::string_view c) {
    return std::string(a) + "." + std::string(b) + "." + std::string(c);
}

JwtKeys keys_of(std::vector<JwtKey> keys) { return {.keys = std::move(keys)}; }

JwtKeys shop_keys() { return keys_of({JwtKey::hs256(base::Secret(kSecret)).value()}); }

std::string sign(std::string_view header, std::string_view payload,
                 std::string_view secret = kSecret) {
    const std::string text = base::base64url(header) + "." + base::base64url(payload);
    return text + "." + base::base64url(base::as_view(base::hmac_sha256(secret, text)));
}

constexpr std::string_view kHs256 = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view kGood = R"({"sub":"c-001","exp":1800000600})";

/// Why a token was refused, for the log; "" when it was accepted.
std::string reason(std::string_view token, const JwtKeys& keys = shop_keys(), int64_t now = kNow) {
    const Result<JwtClaims> claims = verify_jwt(token, keys, now);
    return claims ? "" : claims.error().internal;
}
std::string reason_of_payload(std::string_view payload) { return reason(sign(kHs256, payload)); }

TEST(Jwt, AcceptsTheHs256ExampleOfRfc7515) {
    const JwtKeys keys =
        keys_of({JwtKey::hs256(base::Secret(base::from_base64url(kRfcHs256Key).value())).value()});
    const std::string token = dotted(kRfcHs256Header, kRfcPayload, kRfcHs256Signature);
    const Result<JwtClaims> claims = verify_jwt(token, keys, kRfcExpiry - 1);
    ASSERT_TRUE(claims) << claims.error().internal;
    EXPECT_EQ(claims->issuer, "joe");
    EXPECT_EQ(claims->expires_s, kRfcExpiry);
}

TEST(Jwt, AcceptsTheRs256ExampleOfRfc7515) {
    const JwtKeys keys = keys_of({JwtKey::rs256(kRfcRs256Key).value()});
    const std::string token = dotted(kRfcRs256Header, kRfcPayload, kRfcRs256Signature);
    ASSERT_EQ(reason(token, keys, kRfcExpiry - 1), "");
    std::string tampered = token;
    tampered[tampered.size() - 10] = tampered[tampered.size() - 10] == 'A' ? 'B' : 'A';
    EXPECT_EQ(reason(tampered, keys, kRfcExpiry - 1), "no key verifies the signature");
    EXPECT_EQ(reason(token, keys, kRfcExpiry + 60), "expired");
}

TEST(Jwt, AKeyIsOnlyForItsOwnAlgorithm) {
    // The classic confusion: an HS256 token whose secret is the text of the RSA public key.
    const JwtKeys rsa = keys_of({JwtKey::rs256(kRfcRs256Key).value()});
    EXPECT_EQ(reason(sign(kHs256, kGood, kRfcRs256Key), rsa), "no key verifies the signature");
    EXPECT_EQ(reason(sign(R"({"alg":"RS256"})", kGood)), "no key verifies the signature");
    for (const char* alg : {"none", "None", "hs256", "HS256 ", "HS512", "", "RS256"}) {
        const std::string header = R"({"alg":")" + std::string(alg) + R"("})";
        EXPECT_EQ(reason(sign(header, kGood)), "no key verifies the signature") << alg;
        const std::string unsigned_token =
            dotted(base::base64url(header), base::base64url(kGood), "");
        EXPECT_NE(reason(unsigned_token), "") << alg;
    }
    EXPECT_NE(reason(sign("{}", kGood)), "");
    EXPECT_NE(reason(sign(R"({"alg":["HS256"]})", kGood)), "");
    EXPECT_EQ(reason(sign(kHs256, kGood), JwtKeys{}), "no key verifies the signature");
}

TEST(Jwt, AKeyMustBeStrongAndOfTheRightKind) {
    EXPECT_FALSE(JwtKey::hs256(base::Secret("short")));
    EXPECT_FALSE(JwtKey::hs256(base::Secret(std::string(kRfcRs256Key))));
    EXPECT_FALSE(JwtKey::rs256("no key at all"));
    EXPECT_FALSE(JwtKey::rs256(""));
    // P-256, not RSA.
    EXPECT_FALSE(
        JwtKey::rs256("-----BEGIN PUBLIC KEY-----\n"
                      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9\n"
                      "q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==\n"
                      "-----END PUBLIC KEY-----\n"));
}

TEST(Jwt, EveryBitOfATokenCounts) {
    const std::string token = sign(kHs256, kGood);
    ASSERT_EQ(reason(token), "");
    for (size_t i = 0; i < token.size(); ++i) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string tampered = token;
            tampered[i] = static_cast<char>(static_cast<unsigned char>(tampered[i]) ^ (1U << bit));
            EXPECT_NE(reason(tampered), "") << i;
        }
        EXPECT_NE(reason(token.substr(0, i)), "");
    }
    EXPECT_NE(reason(token + "A"), "");
    EXPECT_NE(reason(token + "."), "");
    EXPECT_NE(reason(token + "="), "");
    EXPECT_NE(reason(" " + token), "");
}

TEST(Jwt, TimesAreCheckedWithThirtySecondsOfLeeway) {
    EXPECT_EQ(reason_of_payload(R"({"sub":"c"})"), "no exp");
    EXPECT_EQ(reason_of_payload(R"({"exp":1799999971})"), "");
    EXPECT_EQ(reason_of_payload(R"({"exp":1799999970})"), "expired");
    EXPECT_EQ(reason_of_payload(R"({"exp":1800000000.5})"), "");
    EXPECT_EQ(reason_of_payload(R"({"exp":1800000600,"nbf":1800000030})"), "");
    EXPECT_EQ(reason_of_payload(R"({"exp":1800000600,"nbf":1800000031})"), "nbf is in the future");
    EXPECT_EQ(reason_of_payload(R"({"exp":1800000600,"iat":1800000031})"), "iat is in the future");
    EXPECT_EQ(reason_of_payload(R"({"exp":1800000600,"nbf":0,"iat":5})"), "");
    for (const char* exp : {"-1", "\"1800000600\"", "1e400", "1e30", "99999999999999999999", "null",
                            "true", "[1800000600]", "18446744073709551615"}) {
        EXPECT_EQ(reason_of_payload(R"({"exp":)" + std::string(exp) + "}"),
                  "the payload is not usable")
            << exp;
    }
}

TEST(Jwt, AnExpiredTokenSaysSoBecauseTheShopCanRenewIt) {
    const Result<JwtClaims> claims = verify_jwt(sign(kHs256, R"({"exp":1})"), shop_keys(), kNow);
    EXPECT_EQ(claims.error().kind, ErrorKind::kUnauthenticated);
    EXPECT_EQ(claims.error().client_code(), "token_expired");
    EXPECT_EQ(verify_jwt("x", shop_keys(), kNow).error().client_code(), "invalid_token");
}

TEST(Jwt, IssuerAndAudienceMustMatchWhenConfigured) {
    JwtKeys keys = shop_keys();
    keys.issuer = "shop";
    keys.audience = "hayate";
    const auto with = [&](std::string_view claims) {
        return reason(sign(kHs256, R"({"exp":1800000600,)" + std::string(claims) + "}"), keys);
    };
    EXPECT_EQ(with(R"("iss":"shop","aud":"hayate")"), "");
    EXPECT_EQ(with(R"("iss":"shop","aud":["x","hayate"])"), "");
    EXPECT_EQ(with(R"("iss":"shop","aud":["x"])"), "another aud");
    EXPECT_EQ(with(R"("iss":"shop")"), "another aud");
    EXPECT_EQ(with(R"("iss":"Shop","aud":"hayate")"), "another iss");
    EXPECT_EQ(with(R"("aud":"hayate")"), "another iss");
    EXPECT_EQ(with(R"("iss":"shop","aud":[1])"), "the payload is not usable");
}

TEST(Jwt, DuplicateOrCriticalMembersAreRefused) {
    EXPECT_EQ(reason(sign(R"({"alg":"HS256","alg":"HS256"})", kGood)), "the header is not usable");
    EXPECT_EQ(reason(sign(R"({"alg":"HS256","crit":["exp"],"exp":1})", kGood)),
              "the header is not usable");
    EXPECT_EQ(reason_of_payload(R"({"exp":1,"exp":1800000600})"), "the payload is not usable");
    EXPECT_EQ(reason_of_payload(R"({"sub":"a","s\u0075b":"b","exp":1800000600})"),
              "the payload is not usable");
    EXPECT_EQ(reason_of_payload(R"({"sub":7,"exp":1800000600})"), "the payload is not usable");
    EXPECT_EQ(reason_of_payload(R"([{"exp":1800000600}])"), "the payload is not usable");
    EXPECT_EQ(reason_of_payload(R"({"exp":1800000600} x)"), "the payload is not usable");
    EXPECT_EQ(reason_of_payload(std::string(100, '[')), "the payload is not usable");
}

TEST(Jwt, AKidChoosesAmongSeveralKeysAndIsIgnoredWithOne) {
    const std::string other(32, 'o');
    const auto token = [](std::string_view kid, std::string_view secret) {
        return sign(R"({"alg":"HS256","kid":")" + std::string(kid) + R"("})", kGood, secret);
    };
    EXPECT_EQ(reason(token("anything", kSecret)), "");
    const JwtKeys two = keys_of({JwtKey::hs256(base::Secret(kSecret), "new").value(),
                                 JwtKey::hs256(base::Secret(other), "old").value()});
    EXPECT_EQ(reason(token("new", kSecret), two), "");
    EXPECT_EQ(reason(token("old", other), two), "");
    EXPECT_EQ(reason(token("old", kSecret), two), "no key verifies the signature");
    EXPECT_EQ(reason(token("unknown", kSecret), two), "no key verifies the signature");
    EXPECT_EQ(reason(sign(kHs256, kGood, other), two), "");  // no kid: each is tried
}

TEST(Jwt, AnOversizedTokenIsRefusedUnread) {
    const std::string long_claim = R"({"exp":1800000600,"x":")" + std::string(8000, 'x') + "\"}";
    EXPECT_EQ(reason(sign(kHs256, long_claim)), "longer than 8 KiB");
    const std::string fits = R"({"exp":1800000600,"x":")" + std::string(5000, 'x') + "\"}";
    EXPECT_EQ(reason(sign(kHs256, fits)), "");
}

TEST(Jwt, AnErrorHoldsNothingOfTheTokenOrTheKey) {
    for (const std::string& token :
         {sign(kHs256, R"({"sub":"planted-canary"})"), std::string("planted-canary.x.y"),
          sign(kHs256, R"({"sub":"planted-canary","exp":1})")}) {
        const Error error = verify_jwt(token, shop_keys(), kNow).error();
        for (const std::string& text : {error.internal, error.external, error.code, error.param}) {
            EXPECT_EQ(text.find("canary"), std::string::npos);
            EXPECT_EQ(text.find(kSecret), std::string::npos);
        }
    }
}

TEST(Jwt, GarbageIsRefusedWithoutHarm) {
    std::mt19937 random(7515);
    const std::string good = sign(kHs256, kGood);
    const auto below = [&](size_t n) {
        return std::uniform_int_distribution<size_t>(0, n - 1)(random);
    };
    const std::string_view alphabet = "eyJ.{}[]\":,0123456789-_ABCabc=\xff\n ";
    for (int round = 0; round < 20'000; ++round) {
        std::string token = round % 2 == 0 ? good : std::string();
        for (size_t i = 0, changes = 1 + below(12); i < changes; ++i) {
            const size_t at = below(token.size() + 1);
            token.insert(at, 1, alphabet[below(alphabet.size())]);
            if (below(3) == 0) token.erase(below(token.size()), 1 + below(20));
        }
        if (token != good) EXPECT_NE(reason(token), "");
    }
    // Signed rubbish reaches the payload's parser.
    for (int round = 0; round < 5'000; ++round) {
        std::string payload(kGood);
        payload[below(payload.size())] = alphabet[below(alphabet.size())];
        payload.insert(below(payload.size()), 1, alphabet[below(alphabet.size())]);
        (void)reason_of_payload(payload);
    }
}

}  // namespace
}  // namespace hayate::wire
