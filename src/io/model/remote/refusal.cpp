#include "io/model/remote/refusal.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <time.h>

#include "core/base/json_text.hpp"
#include "core/text/utf8.hpp"

namespace hayate::model {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

constexpr size_t kTextBytesMax = 300;
constexpr int64_t kRetryMax = int64_t{24} * 3600;

std::optional<int64_t> parse_http_date(std::string_view value) {
    const std::string text(value);
    tm parts{};
    const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return ::timegm(&parts);
}

std::optional<double> parse_number(std::string_view value) {
    double number = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failed != std::errc() || end != value.data() + value.size() || !(number >= 0)) {
        return std::nullopt;
    }
    return number;
}

milliseconds capped(double seconds) {
    return milliseconds(static_cast<int64_t>(std::clamp<double>(seconds, 0, kRetryMax) * 1000));
}

bool is_key_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '*' || c == '.';
}

void hide(std::string& text, std::string_view secret) {
    if (secret.empty()) return;
    for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), "***");
        at += 3;
    }
}

/// Providers quote keys half masked ("sk-ab***yz"); half a key is too much as well.
void hide_key_like(std::string& text) {
    for (size_t at = text.find("sk-"); at != std::string::npos; at = text.find("sk-", at)) {
        size_t end = at;
        while (end < text.size() && is_key_char(text[end])) ++end;
        text.replace(at, end - at, "***");
        at += 3;
    }
}

struct Meaning {
    ErrorKind kind;
    std::string_view text;  // empty: what the provider says
    bool is_public = false;
};

Meaning meaning_of(int status) {
    switch (status) {
        case 400:
        case 422:
            return {ErrorKind::kBadRequest, "", true};
        case 401:
        case 403:
            return {ErrorKind::kUnavailable, "the provider refused the key"};
        case 404:
            return {ErrorKind::kUnavailable, "unknown model or address"};
        case 408:
            return {ErrorKind::kTimeout, ""};
        case 413:
            return {ErrorKind::kTooLarge, "", true};
        case 429:
            return {ErrorKind::kRateLimited, ""};
        case 503:
        case 529:
            return {ErrorKind::kBusy, ""};
        default:
            break;
    }
    if (status >= 300 && status < 400) {
        return {ErrorKind::kUnavailable, "it answered with a redirect, which is never followed"};
    }
    return {status >= 500 ? ErrorKind::kUnavailable : ErrorKind::kUpstream, ""};
}

Error make(ErrorKind kind, const std::string& source, std::string internal, std::string_view said,
           bool is_public) {
    Error error = base::private_error(kind, source, std::move(internal));
    if (is_public && !said.empty()) error.external = said;
    return error;
}

}  // namespace

std::optional<milliseconds> parse_retry_after(std::string_view value, int64_t now) {
    if (const auto seconds = parse_number(value)) return capped(*seconds);
    if (const auto date = parse_http_date(value)) return capped(static_cast<double>(*date - now));
    return std::nullopt;
}

std::string safe_text(std::string_view message, std::string_view key) {
    std::string text =
        base::is_valid_utf8(message) ? std::string(message) : text::to_valid_utf8(message);
    hide(text, key);
    hide_key_like(text);
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }, ' ');
    return std::string(text::utf8_prefix(text, kTextBytesMax));
}

Error error_of(const Refusal& refusal, const std::string& source, std::string_view key,
               int64_t now) {
    const Meaning meaning = meaning_of(refusal.status);
    const bool is_redirect = refusal.status >= 300 && refusal.status < 400;
    const auto found = wire::decode_upstream_error(refusal.body);
    const std::string said = found ? safe_text(found->message, key) : std::string();
    const bool is_key_trouble = refusal.status == 401 || refusal.status == 403;
    std::string internal = fmt::format("status {}", refusal.status);
    if (!meaning.text.empty()) internal.append(": ").append(meaning.text);
    if (!said.empty() && !is_key_trouble) internal.append(": ").append(said);
    Error error = make(meaning.kind, source, std::move(internal), said, meaning.is_public);
    error.is_permanent = is_key_trouble || refusal.status == 404 || is_redirect;
    if (const auto ms = parse_number(refusal.retry_after_ms)) {
        error.retry_after = capped(*ms / 1000);
    } else {
        error.retry_after = parse_retry_after(refusal.retry_after, now);
    }
    return error;
}

Error error_of(const wire::UpstreamError& error, const std::string& source, std::string_view key) {
    const ErrorKind kind = wire::kind_of(error);
    const std::string said = safe_text(error.message, key);
    const bool is_public = kind == ErrorKind::kBadRequest || kind == ErrorKind::kTooLarge;
    return make(kind, source,
                fmt::format("error in the stream ({}): {}", safe_text(error.type, key), said), said,
                is_public);
}

}  // namespace hayate::model
