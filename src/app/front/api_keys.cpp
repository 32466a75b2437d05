#include "app/front/api_keys.hpp"

#include <algorithm>
#include <utility>

#include "core/base/crypto.hpp"
#include "core/base/log.hpp"

namespace hayate::front {
namespace {

constexpr std::string_view kKeyPrefix = "hk_";
constexpr size_t kKeyBytes = 32;
constexpr size_t kKeyChars = 46;  // prefix included
constexpr size_t kKeyIdBytes = 9;
constexpr std::string_view kBearer = "bearer ";
/// One question to the store may take so long; a key must not cost the answer's first word.
constexpr std::chrono::seconds kStoreTimeMax{1};
/// After a failure the store is left alone: it may be failing because it is asked too much.
constexpr std::chrono::seconds kStorePause{1};
constexpr std::chrono::seconds kHasAnyTime{5};

bool is_base64url(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

std::string_view trimmed(std::string_view text) {
    const size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool starts_with_bearer(std::string_view text) {
    return text.size() > kBearer.size() &&
           std::ranges::equal(text.substr(0, kBearer.size()), kBearer, [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
           });
}

tl::unexpected<Error> no_such_key() {
    return fail(base::public_error(ErrorKind::kUnauthenticated, "front",
                                   "This API key does not exist or was revoked.",
                                   "invalid_api_key"));
}

}  // namespace

NewKey make_key(std::string tenant, std::string role, std::string label, int64_t now_ms) {
    std::string text = std::string(kKeyPrefix) + base::random_text(kKeyBytes);
    NewKey made{.key = {.id = "k_" + base::random_text(kKeyIdBytes),
                        .tenant = std::move(tenant),
                        .role = std::move(role),
                        .label = std::move(label),
                        .created_ms = now_ms},
                .hash = base::sha256_hex(text)};
    made.text = base::Secret(std::move(text));
    return made;
}

bool looks_like_key(std::string_view text) {
    return text.size() == kKeyChars && text.starts_with(kKeyPrefix) &&
           std::ranges::all_of(text, is_base64url);
}

std::string_view key_of_headers(std::string_view authorization, std::string_view api_key) {
    if (starts_with_bearer(authorization)) {
        const std::string_view token = trimmed(authorization.substr(kBearer.size()));
        if (token.starts_with(kKeyPrefix)) return token;
    }
    const std::string_view other = trimmed(api_key);
    return other.starts_with(kKeyPrefix) ? other : std::string_view();
}

const KeyCache::Entry* KeyCache::Recent::find(const std::string& hash) const {
    const auto it = by_hash_.find(hash);
    return it == by_hash_.end() ? nullptr : &*it->second;
}

void KeyCache::Recent::put(Entry entry, size_t entries_max) {
    erase(entry.hash);
    entries_.push_front(std::move(entry));
    by_hash_.emplace(entries_.front().hash, entries_.begin());
    while (entries_.size() > entries_max) {
        by_hash_.erase(entries_.back().hash);
        entries_.pop_back();
    }
}

void KeyCache::Recent::erase(const std::string& hash) {
    const auto it = by_hash_.find(hash);
    if (it == by_hash_.end()) return;
    entries_.erase(it->second);
    by_hash_.erase(it);
}

std::optional<KeyCache::Known> KeyCache::fresh(const std::string& hash, TimePoint now) {
    const Entry* found = found_.find(hash);
    if (found != nullptr && now - found->asked < options_.found_time) {
        return Known{.key = found->key};
    }
    const Entry* missing = missing_.find(hash);
    if (missing != nullptr && now - missing->asked < options_.missing_time) return Known{};
    return std::nullopt;
}

std::optional<store::ApiKey> KeyCache::in_outage(const std::string& hash, TimePoint now) {
    const Entry* found = found_.find(hash);
    if (found == nullptr || now - found->asked >= options_.outage_time) return std::nullopt;
    return found->key;
}

void KeyCache::learn(const std::string& hash, std::optional<store::ApiKey> key, TimePoint asked) {
    Recent& here = key ? found_ : missing_;
    Recent& there = key ? missing_ : found_;
    there.erase(hash);
    here.put({.hash = hash, .key = std::move(key), .asked = asked}, options_.entries_max);
}

KeyDirectory::KeyDirectory(store::KeyStore& keys, KeyCache::Options options, Now now)
    : keys_(keys), cache_(options), now_(std::move(now)) {}

Task<Result<store::ApiKey>> KeyDirectory::find(std::string hash, store::Wait wait) {
    const TimePoint asked = now_();
    if (const std::optional<KeyCache::Known> known = cache_.fresh(hash, asked)) {
        if (!known->key) co_return no_such_key();
        co_return *known->key;
    }
    if (is_store_down()) co_return find_in_outage(hash);
    wait.deadline = wait.deadline.capped(kStoreTimeMax);
    Result<std::optional<store::ApiKey>> answer = co_await keys_.find(hash, wait);
    if (!answer) {
        if (answer.error().kind == ErrorKind::kCancelled) co_return fail(answer.error());
        note_outage(answer.error());
        co_return find_in_outage(hash);
    }
    std::optional<store::ApiKey> key = std::move(*answer);
    if (key && key->revoked_ms) key.reset();
    cache_.learn(hash, key, asked);
    if (!key) co_return no_such_key();
    co_return *std::move(key);
}

Result<store::ApiKey> KeyDirectory::find_in_outage(const std::string& hash) {
    if (std::optional<store::ApiKey> key = cache_.in_outage(hash, now_())) return *std::move(key);
    Error error = base::public_error(ErrorKind::kUnavailable, "front",
                                     "API keys cannot be checked right now.");
    error.retry_after = kStorePause;
    return fail(std::move(error));
}

Task<bool> KeyDirectory::has_any(store::Wait wait) {
    const TimePoint asked = now_();
    if (has_any_.value_or(false)) co_return true;  // keys are never forgotten, only revoked
    if (has_any_ && asked < has_any_until_) co_return false;
    if (is_store_down()) co_return has_any_.value_or(true);
    wait.deadline = wait.deadline.capped(kStoreTimeMax);
    const Result<std::vector<store::ApiKey>> all = co_await keys_.list(wait);
    if (!all) {
        if (all.error().kind != ErrorKind::kCancelled) note_outage(all.error());
        co_return has_any_.value_or(true);
    }
    has_any_ = !all->empty();
    has_any_until_ = asked + kHasAnyTime;
    co_return *has_any_;
}

void KeyDirectory::note_outage(const Error& error) {
    ask_again_at_ = now_() + kStorePause;
    base::log_failure("api_keys_unavailable", error);
}

}  // namespace hayate::front
