#include "core/wire/upstream.hpp"

#include <utility>

#include "core/wire/error_reader.hpp"

namespace hayate::wire {
namespace {

using base::ErrorKind;
using json::Code;

ErrorKind kind_of_name(std::string_view name) {
    static constexpr std::pair<std::string_view, ErrorKind> kNames[] = {
        {"invalid_request_error", ErrorKind::kBadRequest},
        {"context_length_exceeded", ErrorKind::kBadRequest},
        {"request_too_large", ErrorKind::kTooLarge},
        {"rate_limit_error", ErrorKind::kRateLimited},
        {"rate_limit_exceeded", ErrorKind::kRateLimited},
        {"requests", ErrorKind::kRateLimited},
        {"tokens", ErrorKind::kRateLimited},
        {"overloaded_error", ErrorKind::kBusy},
        {"timeout_error", ErrorKind::kTimeout},
        // An account or a model that the operator has to look after: the customer can do nothing
        // about it.
        {"authentication_error", ErrorKind::kUnavailable},
        {"permission_error", ErrorKind::kUnavailable},
        {"billing_error", ErrorKind::kUnavailable},
        {"insufficient_quota", ErrorKind::kUnavailable},
        {"invalid_api_key", ErrorKind::kUnavailable},
        {"not_found_error", ErrorKind::kUnavailable},
        {"model_not_found", ErrorKind::kUnavailable},
        {"unavailable_error", ErrorKind::kUnavailable},
    };
    for (const auto& [known, kind] : kNames) {
        if (known == name) return kind;
    }
    return ErrorKind::kUpstream;
}

Code read_if_string(json::Value& value, std::string& out) {
    if (json::type_of(value) == json::Type::string) return json::read(value, out);
    return simdjson::SUCCESS;
}

/// Members of the outer object, for servers that have no inner one.
struct LooseError {
    UpstreamError outer;
    UpstreamError inner;

    Code take(json::Member& member) {
        if (member.key == "error") return read_upstream_error(member.value, inner);
        if (member.key == "message" || member.key == "detail") {
            return read_if_string(member.value, outer.message);
        }
        if (member.key == "type") return read_if_string(member.value, outer.type);
        if (member.key == "code") return read_if_string(member.value, outer.code);
        return simdjson::SUCCESS;
    }
};

}  // namespace

ErrorKind kind_of(const UpstreamError& error) {
    // The code is the more exact of the two: quota and key errors share their type with harmless
    // ones.
    const ErrorKind by_code = kind_of_name(error.code);
    return by_code == ErrorKind::kUpstream ? kind_of_name(error.type) : by_code;
}

Code read_upstream_error(json::Value& value, UpstreamError& out) {
    if (json::type_of(value) == json::Type::string) return json::read(value, out.message);
    if (json::type_of(value) != json::Type::object) return simdjson::SUCCESS;
    return json::each_member(value, [&](json::Member& member) {
        if (member.key == "message") return read_if_string(member.value, out.message);
        if (member.key == "type") return read_if_string(member.value, out.type);
        if (member.key == "code") return read_if_string(member.value, out.code);
        return simdjson::SUCCESS;
    });
}

std::optional<UpstreamError> decode_upstream_error(std::string_view body) {
    json::Document document;
    json::Object root;
    if (json::open(body, document, root)) return std::nullopt;
    LooseError found;
    const Code failed =
        json::each_member(root, [&](json::Member& member) { return found.take(member); });
    UpstreamError& error = found.inner.message.empty() ? found.outer : found.inner;
    if (failed || error.message.empty()) return std::nullopt;
    return std::move(error);
}

}  // namespace hayate::wire
