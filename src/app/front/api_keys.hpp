#pragma once
// API keys: made, recognised, and looked up through the store with a short memory. Only SHA-256
// hashes are kept or compared, always whole, so neither memory nor store holds anything that opens
// a door.

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/deadline.hpp"
#include "core/base/secret.hpp"
#include "io/store/stores.hpp"

namespace hayate::front {

/// "hk_" and 43 characters of base64url: 32 random bytes.
struct NewKey {
    store::ApiKey key;  // what the store keeps, with `hash`
    std::string hash;   // hex SHA-256 of the text
    base::Secret text;  // shown once
};
[[nodiscard]] NewKey make_key(std::string tenant, std::string role, std::string label,
                              int64_t now_ms);

/// Has the shape of our keys: only such texts are ever looked up.
[[nodiscard]] bool looks_like_key(std::string_view text);

/// The key of a request: `Authorization: Bearer hk_...`, else `x-api-key: hk_...`; anything else is
/// none.
[[nodiscard]] std::string_view key_of_headers(std::string_view authorization,
                                              std::string_view api_key);

/// What the store said about hashes lately. Pure: the caller brings the time. Found and missing
/// keys are bounded apart, so that guessing cannot push out good keys.
class KeyCache {
  public:
    struct Options {
        Duration found_time = std::chrono::seconds(5);    // a revoked key dies within it
        Duration missing_time = std::chrono::seconds(1);  // a new key works after it
        Duration outage_time = std::chrono::seconds(60);  // a found key outlives the store so long
        size_t entries_max = 4096;                        // of each kind
    };
    explicit KeyCache(Options options) : options_(options) {}

    struct Known {
        std::optional<store::ApiKey> key;  // none: there is no such key
    };
    /// What is certain enough to be used without asking.
    [[nodiscard]] std::optional<Known> fresh(const std::string& hash, TimePoint now);
    /// What may be used while the store cannot be asked.
    [[nodiscard]] std::optional<store::ApiKey> in_outage(const std::string& hash, TimePoint now);
    /// `asked` is when the question was put, not when the answer came.
    void learn(const std::string& hash, std::optional<store::ApiKey> key, TimePoint asked);
    [[nodiscard]] size_t size() const { return found_.size() + missing_.size(); }

  private:
    struct Entry {
        std::string hash;
        std::optional<store::ApiKey> key;
        TimePoint asked;
    };
    /// The most recently learnt entries, oldest out first.
    class Recent {
      public:
        [[nodiscard]] const Entry* find(const std::string& hash) const;
        void put(Entry entry, size_t entries_max);
        void erase(const std::string& hash);
        [[nodiscard]] size_t size() const { return entries_.size(); }

      private:
        std::list<Entry> entries_;  // newest first
        std::unordered_map<std::string, std::list<Entry>::iterator> by_hash_;
    };

    Options options_;
    Recent found_;
    Recent missing_;
};

/// The keys of the store, for one shard; not thread-safe.
class KeyDirectory {
  public:
    using Now = std::function<TimePoint()>;
    KeyDirectory(store::KeyStore& keys, KeyCache::Options options, Now now);

    /// The key with this hash, if it exists and is not revoked. kUnauthenticated: there is none.
    /// kUnavailable: it is not known here and the store does not answer.
    Task<Result<store::ApiKey>> find(std::string hash, store::Wait wait);
    /// Whether any key was ever made, revoked ones included: revoking the last key must not open
    /// the server. Known to 5 s; true while it cannot be known.
    Task<bool> has_any(store::Wait wait);

  private:
    [[nodiscard]] Result<store::ApiKey> find_in_outage(const std::string& hash);
    [[nodiscard]] bool is_store_down() const { return now_() < ask_again_at_; }
    void note_outage(const Error& error);

    store::KeyStore& keys_;
    KeyCache cache_;
    Now now_;
    TimePoint ask_again_at_ = TimePoint::min();
    std::optional<bool> has_any_;
    TimePoint has_any_until_ = TimePoint::min();
};

}  // namespace hayate::front
