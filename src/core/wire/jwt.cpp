// By hand over OpenSSL, because Debian's cpp-jwt 1.4 takes "hs256" for HS256, accepts tokens
// without exp, turns a negative exp into the far future, underflows nbf minus leeway, compares MACs
// with ==, and reads the clock itself.

#include "core/wire/jwt.hpp"

#include <algorithm>
#include <cmath>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <simdjson.h>

#include "core/base/crypto.hpp"

namespace hayate::wire {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kJsonDepthMax = 16;
constexpr size_t kHs256SecretBytesMin = 32;
constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;
/// Beyond it a double no longer holds whole seconds.
constexpr int64_t kSecondsMax = int64_t{1} << 53;

tl::unexpected<Error> refused(std::string reason, std::string code = "invalid_token") {
    return fail(Error{
        .kind = ErrorKind::kUnauthenticated,
        .source = "jwt",
        .internal = std::move(reason),
        .external = code == "token_expired" ? "The token has expired." : "The token is not valid.",
        .code = std::move(code)});
}

tl::unexpected<Error> unusable_key(std::string reason) {
    return fail(ErrorKind::kInternal, "jwt", std::move(reason));
}

/// What OpenSSL says about a failure would otherwise wait for the next TLS read on this thread.
struct ErrorQueueGuard {
    ErrorQueueGuard() = default;
    ErrorQueueGuard(const ErrorQueueGuard&) = delete;
    ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
    ~ErrorQueueGuard() { ERR_clear_error(); }
};

struct Parts {
    std::string_view header;
    std::string_view payload;
    std::string_view signed_text;  // header.payload
    std::string signature;         // decoded
};

Result<Parts> split(std::string_view token) {
    if (token.size() > kJwtBytesMax) return refused("longer than 8 KiB");
    const size_t first = token.find('.');
    const size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
        return refused("not three parts");
    }
    std::optional<std::string> signature = base::from_base64url(token.substr(second + 1));
    if (!signature) return refused("the signature is not base64url");
    return Parts{.header = token.substr(0, first),
                 .payload = token.substr(first + 1, second - first - 1),
                 .signed_text = token.substr(0, second),
                 .signature = std::move(*signature)};
}

/// Calls `visit(key, value) -> bool` for each member of the JSON object in `part`. False for
/// anything that is not one object with distinct keys: of two equal keys two readers could take
/// different ones (RFC 7515 section 4).
template <class Visit>
bool each_member(std::string_view part, Visit visit) {
    const std::optional<std::string> json = base::from_base64url(part);
    if (!json) return false;
    dom::parser parser;
    if (parser.allocate(json->size() + 1, kJsonDepthMax) != simdjson::SUCCESS) return false;
    dom::object object;
    if (parser.parse(*json).get_object().get(object) != simdjson::SUCCESS) return false;
    std::vector<std::string_view> seen;
    for (const dom::key_value_pair member : object) {
        if (std::ranges::count(seen, member.key) > 0 || !visit(member.key, member.value)) {
            return false;
        }
        seen.push_back(member.key);
    }
    return true;
}

bool read_text(dom::element value, std::string& text) {
    std::string_view view;
    if (value.get_string().get(view) != simdjson::SUCCESS) return false;
    text = view;
    return true;
}

/// NumericDate: seconds since 1970, whole or not.
template <class Seconds>
bool read_seconds(dom::element value, Seconds& out) {
    double seconds = 0;
    if (value.get_double().get(seconds) != simdjson::SUCCESS) return false;
    if (!std::isfinite(seconds) || seconds < 0 || seconds > static_cast<double>(kSecondsMax)) {
        return false;
    }
    out = static_cast<int64_t>(seconds);
    return true;
}

bool read_audience(dom::element value, std::vector<std::string>& audience) {
    std::string one;
    if (read_text(value, one)) {
        audience.push_back(std::move(one));
        return true;
    }
    dom::array several;
    if (value.get_array().get(several) != simdjson::SUCCESS) return false;
    return std::ranges::all_of(
        several, [&](dom::element item) { return read_text(item, audience.emplace_back()); });
}

struct Header {
    std::string algorithm;
    std::optional<std::string> kid;
};

Result<Header> read_header(std::string_view part) {
    Header header;
    const bool is_read = each_member(part, [&](std::string_view key, dom::element value) {
        if (key == "alg") return read_text(value, header.algorithm);
        if (key == "kid") return read_text(value, header.kid.emplace());
        // Extensions that must be understood (RFC 7515 section 4.1.11): we understand none.
        return key != "crit";
    });
    if (!is_read) return refused("the header is not usable");
    return header;
}

struct Payload {
    JwtClaims claims;
    std::optional<int64_t> expires_s;
};

Result<Payload> read_payload(std::string_view part) {
    Payload payload;
    JwtClaims& claims = payload.claims;
    const bool is_read = each_member(part, [&](std::string_view key, dom::element value) {
        if (key == "sub") return read_text(value, claims.subject);
        if (key == "iss") return read_text(value, claims.issuer);
        if (key == "jti") return read_text(value, claims.id);
        if (key == "aud") return read_audience(value, claims.audience);
        if (key == "exp") return read_seconds(value, payload.expires_s);
        if (key == "nbf") return read_seconds(value, claims.not_before_s);
        if (key == "iat") return read_seconds(value, claims.issued_s);
        return true;
    });
    if (!is_read) return refused("the payload is not usable");
    return payload;
}

bool is_candidate(const JwtKey& key, const Header& header, size_t of_algorithm) {
    if (key.algorithm() != header.algorithm) return false;
    const bool must_match = of_algorithm > 1 && header.kid && !key.kid().empty();
    return !must_match || key.kid() == *header.kid;
}

bool is_signed(const Parts& parts, const Header& header, const JwtKeys& keys) {
    const auto of_algorithm = static_cast<size_t>(
        std::ranges::count(keys.keys, std::string_view(header.algorithm), &JwtKey::algorithm));
    return std::ranges::any_of(keys.keys, [&](const JwtKey& key) {
        return is_candidate(key, header, of_algorithm) &&
               key.verifies(parts.signed_text, parts.signature);
    });
}

Result<JwtClaims> check_claims(Payload payload, const JwtKeys& keys, int64_t now_s) {
    JwtClaims& claims = payload.claims;
    if (!payload.expires_s) return refused("no exp");
    claims.expires_s = *payload.expires_s;
    const int64_t latest = now_s + keys.leeway_s;
    if (claims.expires_s <= now_s - keys.leeway_s) return refused("expired", "token_expired");
    if (claims.not_before_s.value_or(0) > latest) return refused("nbf is in the future");
    if (claims.issued_s.value_or(0) > latest) return refused("iat is in the future");
    if (!keys.issuer.empty() && claims.issuer != keys.issuer) return refused("another iss");
    const bool is_for_us =
        keys.audience.empty() || std::ranges::count(claims.audience, keys.audience) > 0;
    if (!is_for_us) return refused("another aud");
    return std::move(claims);
}

}  // namespace

Result<JwtKey> JwtKey::hs256(base::Secret secret, std::string kid) {
    if (secret.reveal().size() < kHs256SecretBytesMin) {
        return unusable_key("an HS256 secret needs at least 32 bytes");
    }
    if (secret.reveal().find("-----BEGIN") != std::string_view::npos) {
        return unusable_key("the HS256 secret is a PEM text, which may be public");
    }
    JwtKey key;
    key.secret_ = std::move(secret);
    key.kid_ = std::move(kid);
    return key;
}

Result<JwtKey> JwtKey::rs256(std::string_view pem, std::string kid) {
    const ErrorQueueGuard guard;
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    JwtKey key;
    key.public_key_ = std::shared_ptr<evp_pkey_st>(
        PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    if (!key.public_key_) return unusable_key("no PEM public key (BEGIN PUBLIC KEY)");
    const int bits = EVP_PKEY_get_bits(key.public_key_.get());
    const bool is_rsa = EVP_PKEY_get_base_id(key.public_key_.get()) == EVP_PKEY_RSA;
    if (!is_rsa || bits < kRsaBitsMin || bits > kRsaBitsMax) {
        return unusable_key("RS256 needs an RSA key of 2048 to 8192 bits");
    }
    key.kid_ = std::move(kid);
    return key;
}

std::string_view JwtKey::algorithm() const { return public_key_ ? "RS256" : "HS256"; }

bool JwtKey::verifies(std::string_view text, std::string_view signature) const {
    if (!public_key_) {
        const base::Sha256 expected = base::hmac_sha256(secret_.reveal(), text);
        return base::equal_constant_time(base::as_view(expected), signature);
    }
    const ErrorQueueGuard guard;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    const auto bytes = [](std::string_view view) {
        return reinterpret_cast<const uint8_t*>(view.data());
    };
    return context &&
           EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, public_key_.get()) ==
               1 &&
           EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text),
                            text.size()) == 1;
}

Result<JwtClaims> verify_jwt(std::string_view token, const JwtKeys& keys, int64_t now_s) {
    const Result<Parts> parts = split(token);
    if (!parts) return fail(parts.error());
    const Result<Header> header = read_header(parts->header);
    if (!header) return fail(header.error());
    // Nothing of the payload is looked at before the signature has been found right.
    if (!is_signed(*parts, *header, keys)) return refused("no key verifies the signature");
    Result<Payload> payload = read_payload(parts->payload);
    if (!payload) return fail(payload.error());
    return check_claims(std::move(*payload), keys, now_s);
}

}  // namespace hayate::wire
