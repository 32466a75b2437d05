#include "io/model/remote/refusal.hpp"

#include <gtest/gtest.h>

#include "core/base/json_text.hpp"
#include "core/base/result.hpp"

namespace hayate::model {
namespace {

constexpr int64_t kNow = 1'791'995'200;  // Wed, 14 Oct 2026 16:26:40 GMT
constexpr std::string_view kKey = "sk-very-secret";

Error refuse(int status, std::string_view body = "", std::string_view retry_after = "") {
    return error_of({.status = status, .retry_after = retry_after, .body = body}, "model.fast",
                    kKey, kNow);
}

TEST(Refusal, MeansWhatItsStatusSays) {
    EXPECT_EQ(refuse(400).kind, ErrorKind::kBadRequest);
    EXPECT_EQ(refuse(422).kind, ErrorKind::kBadRequest);
    EXPECT_EQ(refuse(401).kind, ErrorKind::kUnavailable);
    EXPECT_EQ(refuse(403).kind, ErrorKind::kUnavailable);
    EXPECT_EQ(refuse(404).kind, ErrorKind::kUnavailable);
    EXPECT_EQ(refuse(408).kind, ErrorKind::kTimeout);
    EXPECT_EQ(refuse(413).kind, ErrorKind::kTooLarge);
    EXPECT_EQ(refuse(429).kind, ErrorKind::kRateLimited);
    EXPECT_EQ(refuse(500).kind, ErrorKind::kUnavailable);
    EXPECT_EQ(refuse(502).kind, ErrorKind::kUnavailable);
    EXPECT_EQ(refuse(503).kind, ErrorKind::kBusy);
    EXPECT_EQ(refuse(529).kind, ErrorKind::kBusy);
    EXPECT_EQ(refuse(302).kind, ErrorKind::kUnavailable);
    EXPECT_EQ(refuse(204).kind, ErrorKind::kUpstream);
}

TEST(Refusal, TellsTheCustomerWhatIsWrongWithTheRequestAndNothingElse) {
    const std::string body =
        R"({"error":{"message":"max_tokens is too large: 99999","type":"invalid_request_error"}})";
    EXPECT_EQ(refuse(400, body).external, "max_tokens is too large: 99999");
    for (const int status : {401, 403, 404, 429, 500, 503, 529}) {
        const Error error =
            refuse(status, R"({"error":{"message":"organisation org-77 over quota"}})");
        EXPECT_EQ(error.client_text().find("org-77"), std::string_view::npos) << status;
    }
    EXPECT_EQ(refuse(401, body).internal, "status 401: the provider refused the key");
    EXPECT_EQ(refuse(429, R"({"error":{"message":"slow down"}})").internal,
              "status 429: slow down");
    EXPECT_EQ(refuse(400, "<html>").external, "");
}

TEST(Refusal, NeverContainsAKey) {
    for (const int status : {400, 401, 403, 404, 413, 429, 500}) {
        const Error error =
            refuse(status, R"({"error":{"message":"Incorrect API key provided: sk-very-secret )"
                           R"((sk-ve***ret), see sk-proj-Ab_1."}})");
        for (const std::string& text : {error.internal, error.external}) {
            EXPECT_EQ(text.find("sk-"), std::string::npos) << text;
        }
    }
    EXPECT_EQ(
        error_of(wire::UpstreamError{.type = "x sk-very-secret", .message = "key sk-very-secret"},
                 "m", kKey)
            .internal.find("secret"),
        std::string::npos);
    EXPECT_EQ(safe_text("token abc-123 here", "abc-123"), "token *** here");
}

TEST(Refusal, TextsAreOneShortValidLine) {
    const std::string text = safe_text("a\nb\r\x01 " + std::string(400, 'x') + "進", "");
    EXPECT_EQ(text.size(), 300u);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_EQ(safe_text("\xff進", ""), "\xEF\xBF\xBD進");
    EXPECT_TRUE(base::is_valid_utf8(safe_text(std::string(299, 'x') + "進", "")));
}

TEST(Refusal, ReadsRetryAfterInBothForms) {
    EXPECT_EQ(refuse(429, "", "7").retry_after, std::chrono::seconds(7));
    EXPECT_EQ(refuse(503, "", "Wed, 14 Oct 2026 16:27:10 GMT").retry_after,
              std::chrono::seconds(30));
    EXPECT_EQ(refuse(503, "", "Wed, 14 Oct 2026 16:00:00 GMT").retry_after,
              std::chrono::seconds(0));
    EXPECT_EQ(refuse(429, "", "soon").retry_after, std::nullopt);
    EXPECT_EQ(refuse(429, "", "-5").retry_after, std::nullopt);
    EXPECT_EQ(refuse(429, "", "99999999").retry_after, std::chrono::hours(24));
    EXPECT_EQ(refuse(429, "", "").retry_after, std::nullopt);
    EXPECT_EQ(error_of({.status = 429, .retry_after = "1", .retry_after_ms = "250"}, "m", "", kNow)
                  .retry_after,
              std::chrono::milliseconds(250));
}

TEST(StreamErrors, AreKindsOfTheirType) {
    const auto kind = [](std::string type) {
        return error_of(wire::UpstreamError{.type = std::move(type)}, "m", "").kind;
    };
    EXPECT_EQ(kind("overloaded_error"), ErrorKind::kBusy);
    EXPECT_EQ(kind("rate_limit_error"), ErrorKind::kRateLimited);
    EXPECT_EQ(kind("authentication_error"), ErrorKind::kUnavailable);
    EXPECT_EQ(kind("api_error"), ErrorKind::kUpstream);
    const Error bad = error_of(
        wire::UpstreamError{.type = "invalid_request_error", .message = "too long"}, "m", "");
    EXPECT_EQ(bad.external, "too long");
}

}  // namespace
}  // namespace hayate::model
