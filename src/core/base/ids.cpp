#include "core/base/ids.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/crypto.hpp"

namespace hayate::base {
namespace {

constexpr size_t kRandomBytes = 16;
constexpr size_t kRandomChars = 22;

bool is_id_text(std::string_view text) {
    return text.size() == kRandomChars && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

}  // namespace

std::string new_session_id() { return "s_" + random_text(kRandomBytes); }

std::string session_id_for(std::string_view owner, std::string_view message) {
    const Sha256 digest = hmac_sha256(owner, message);
    return "s_" + base64url(as_view(digest).substr(0, kRandomBytes));
}

bool is_session_id(std::string_view text) {
    return text.starts_with("s_") && is_id_text(text.substr(2));
}

std::string new_response_id(uint32_t shard) {
    return "r" + std::to_string(shard) + "_" + random_text(kRandomBytes);
}

std::optional<uint32_t> shard_of_response(std::string_view id) {
    const size_t mark = id.find('_');
    if (mark == std::string_view::npos || !id.starts_with('r')) return std::nullopt;
    uint32_t shard = 0;
    const auto [end, failed] = std::from_chars(id.data() + 1, id.data() + mark, shard);
    const bool is_whole = failed == std::errc() && end == id.data() + mark;
    return is_whole && is_id_text(id.substr(mark + 1)) ? std::optional(shard) : std::nullopt;
}

}  // namespace hayate::base
