#include "app/front/customer_token.hpp"

#include "app/front/caller.hpp"

namespace hayate::front {
namespace {

Error token_error(std::string reason, std::string text, std::string code) {
    return {.kind = ErrorKind::kUnauthenticated,
            .source = "front",
            .internal = "customer token: " + std::move(reason),
            .external = std::move(text),
            .code = std::move(code)};
}

Error invalid(std::string reason) {
    return token_error(std::move(reason), "The customer token is not valid.",
                       "invalid_customer_token");
}

/// The one key that `config` names; it names at least one.
Result<wire::JwtKey> load_key(const config::CustomerTokenConfig& config,
                              const config::Environment& environment) {
    if (config.rs256_public_key_file.empty()) {
        Result<base::Secret> secret =
            config::read_secret(config.hs256_secret_env, config.hs256_secret_file, environment);
        if (!secret) return fail(secret.error());
        return wire::JwtKey::hs256(*std::move(secret));
    }
    const Result<base::Secret> pem =
        config::read_secret("", config.rs256_public_key_file, environment);
    if (!pem) return fail(pem.error());
    return wire::JwtKey::rs256(pem->reveal());
}

}  // namespace

Result<wire::JwtKeys> load_customer_keys(const config::CustomerTokenConfig& config,
                                         const config::Environment& environment) {
    wire::JwtKeys keys{.issuer = config.issuer, .audience = config.audience};
    if (!config.is_set()) return keys;
    Result<wire::JwtKey> key = load_key(config, environment);
    if (!key) return fail(key.error());
    keys.keys.push_back(*std::move(key));
    return keys;
}

Result<std::string> customer_of_token(std::string_view token, const wire::JwtKeys& keys,
                                      int64_t now_s) {
    if (keys.keys.empty()) return fail(invalid("this server is not set up for them"));
    Result<wire::JwtClaims> claims = wire::verify_jwt(token, keys, now_s);
    if (!claims && claims.error().code == "token_expired") {
        return fail(
            token_error("expired", "The customer token has expired.", "customer_token_expired"));
    }
    if (!claims) return fail(invalid(claims.error().internal));
    if (!is_customer_id(claims->subject)) return fail(invalid("sub is not a possible id"));
    return std::move(claims->subject);
}

}  // namespace hayate::front
