#include "core/base/error.hpp"

#include <array>
#include <utility>

namespace hayate::base {
namespace {

constexpr std::array<ErrorShape, 13> kShapes{{
    {"bad_request", 400, 1008, "invalid_request_error", false, "The request is not valid."},
    {"unauthenticated", 401, 1008, "authentication_error", false,
     "A valid API key or token is needed."},
    {"forbidden", 403, 1008, "permission_error", false, "This key may not do that."},
    {"not_found", 404, 1008, "not_found_error", false, "There is no such thing."},
    {"conflict", 409, 1008, "conflict_error", false, "Something else is already running."},
    {"too_large", 413, 1009, "invalid_request_error", false, "The request is too large."},
    {"rate_limited", 429, 1008, "rate_limit_error", true, "Too many requests. Please slow down."},
    {"busy", 503, 1013, "overloaded_error", true, "All places are taken. Please try again soon."},
    {"timeout", 504, 1011, "timeout_error", true, "The answer took too long."},
    {"unavailable", 503, 1013, "unavailable_error", true,
     "A service we depend on cannot be reached."},
    {"upstream", 502, 1011, "upstream_error", true, "The language model failed to answer."},
    {"cancelled", 499, 1000, "cancelled", false, "The request was cancelled."},
    {"internal", 500, 1011, "server_error", true, "Something went wrong on our side."},
}};

}  // namespace

const ErrorShape& shape_of(ErrorKind kind) { return kShapes.at(static_cast<size_t>(kind)); }

std::string_view Error::client_text() const {
    return external.empty() ? shape_of(kind).text : std::string_view(external);
}

std::string_view Error::client_code() const {
    return code.empty() ? shape_of(kind).name : std::string_view(code);
}

bool Error::is_retryable() const { return shape_of(kind).is_retryable; }

Error public_error(ErrorKind kind, std::string source, std::string text, std::string code) {
    Error error{
        .kind = kind, .source = std::move(source), .internal = text, .code = std::move(code)};
    error.external = std::move(text);
    return error;
}

Error private_error(ErrorKind kind, std::string source, std::string text) {
    return Error{.kind = kind, .source = std::move(source), .internal = std::move(text)};
}

}  // namespace hayate::base
