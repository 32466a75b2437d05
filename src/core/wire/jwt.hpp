#pragma once
// Verifying signed tokens: JSON Web Tokens (RFC 7519) as compact JWS (RFC 7515), HS256 and RS256
// only (RFC 7518).
//
// A key belongs to one algorithm, so a token cannot choose how a key is used: an RSA public key is
// never an HMAC secret, and `none` matches no key. Everything may be called from any thread;
// nothing throws; no error text holds any part of a token or key.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/secret.hpp"

struct evp_pkey_st;

namespace hayate::wire {

inline constexpr size_t kJwtBytesMax = 8192;

/// One key and the one algorithm it is for.
class JwtKey {
  public:
    /// At least 32 bytes (RFC 7518 section 3.2), and no PEM text: a public key as a secret would
    /// let anybody sign.
    [[nodiscard]] static Result<JwtKey> hs256(base::Secret secret, std::string kid = {});
    /// A PEM public key ("BEGIN PUBLIC KEY"), RSA of 2048 to 8192 bits.
    [[nodiscard]] static Result<JwtKey> rs256(std::string_view pem, std::string kid = {});

    [[nodiscard]] std::string_view algorithm() const;
    [[nodiscard]] const std::string& kid() const { return kid_; }
    /// `text` is "header.payload" as it was sent; `signature` is decoded. Constant time in the
    /// signature for HS256.
    [[nodiscard]] bool verifies(std::string_view text, std::string_view signature) const;

  private:
    base::Secret secret_;
    std::shared_ptr<evp_pkey_st> public_key_;
    std::string kid_;
};

struct JwtKeys {
    std::vector<JwtKey> keys;
    std::string issuer;     // must be equal when set
    std::string audience;   // must be one of the token's when set
    int64_t leeway_s = 30;  // of clocks that disagree
};

struct JwtClaims {
    std::string subject;
    std::string issuer;
    std::vector<std::string> audience;
    std::string id;
    int64_t expires_s = 0;  // since 1970
    std::optional<int64_t> not_before_s;
    std::optional<int64_t> issued_s;
};

/// The claims of a token that is well-formed, at most 8 KiB, signed by one of `keys`, not expired
/// and not from the future at `now_s` (seconds since 1970). `exp` is required. Where several keys
/// could have signed and the token has a `kid`, keys with another `kid` are not tried. Errors:
/// kUnauthenticated with code "token_expired" or "invalid_token".
[[nodiscard]] Result<JwtClaims> verify_jwt(std::string_view token, const JwtKeys& keys,
                                           int64_t now_s);

}  // namespace hayate::wire
