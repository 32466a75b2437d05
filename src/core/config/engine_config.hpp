#pragma once
// hayate.yaml as plain values. Every key has a default, so an empty file is a valid configuration.
// Relative paths are relative to the working directory.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fields.hpp"
#include "core/config/problems.hpp"
#include "tl/expected.hpp"

namespace hayate::config {

struct ListenConfig {
    std::string address = "127.0.0.1";
    uint16_t port = 8080;  // 0: any free one
};

/// Dollars per million tokens, kept in micro-dollars.
struct PriceConfig {
    int64_t prompt_micros = 0;
    int64_t completion_micros = 0;
    bool is_known =
        false;  // false: neither configured nor in the built-in table; costs are shown as unknown
};

struct ModelConfig {
    std::string name;      // key of the map: "fast"
    std::string provider;  // local, openai, anthropic, simulated
    std::string model;     // the provider's model id
    std::string file;  // local: a GGUF path; empty: the pinned file of the role "fast" or "strong"
    std::string base_url;                // anthropic: the vendor's when empty
    std::vector<std::string> endpoints;  // base URLs of one and the same model, instead of base_url
    std::string key_env;                 // name of the environment variable that holds the key
    std::string key_file;                // or a file that holds it
    std::string api_version;             // anthropic
    PriceConfig price;
    double quality = 0;  // expected share of good answers before any was judged; 0: not known
    bool gate = true;    // its answers are checked before customers see them
    int stall_time_ms = 20'000;
    int first_token_time_ms = 20'000;
    // endpoints: how far failures and slowness are made up for
    int tries = 3;              // of one call, before its first token
    double retry_percent = 20;  // of the calls may be repeated
    double hedge_percent = 5;   // of the calls may be made twice when the first token is late
    int eject_after = 3;        // failures in a row
    // what is believed of its speed before the first calls; 0: a guess
    int expected_first_token_ms = 0;
    double expected_tokens_per_s = 0;
    int context_tokens = 4096;  // local: prompt and answer together
    // simulated: distributions as `hayate mock-model` takes them
    std::string ttft = "constant:150";
    std::string rate = "80";
    std::string tokens = "60";
    uint64_t seed = 1;
};

/// At most one of the three is set.
struct CustomerTokenConfig {
    std::string hs256_secret_env;
    std::string hs256_secret_file;
    std::string rs256_public_key_file;
    std::string issuer;    // checked when set
    std::string audience;  // checked when set
    [[nodiscard]] bool is_set() const {
        return !hs256_secret_env.empty() || !hs256_secret_file.empty() ||
               !rs256_public_key_file.empty();
    }
};

struct AuthConfig {
    /// auto: the API fronts ask for a key as soon as one exists, or when not on loopback. required:
    /// always. off: never; refused beyond loopback.
    std::string api_keys = "auto";
    bool demo_sign_in = true;  // the page offers the sample customers; refused beyond loopback
    std::vector<std::string> allowed_origins;  // further page origins for WebSocket, exact
    CustomerTokenConfig customer_token;
};

struct LimitsConfig {
    int connections_per_shard = 8192;
    int text_chars = 8000;          // one chat message
    int messages = 200;             // of one API request
    int drain_time_ms = 30'000;     // after SIGTERM
    int detached_time_ms = 30'000;  // a chat turn goes on so long without a reader
};

/// What model calls may cost in a day (UTC), in micro-dollars; 0: no limit.
struct BudgetsConfig {
    int64_t server_micros = 0;
    int64_t tenant_micros = 0;               // of each tenant without one of its own
    std::map<std::string, int64_t> tenants;  // by name
    /// When one is used up: refuse, fast_only (goes on spending, less) or prepared_only
    /// (templates).
    std::string when_over = "refuse";
    [[nodiscard]] bool is_set() const {
        return server_micros > 0 || tenant_micros > 0 || !tenants.empty();
    }
};

struct LocalModelConfig {
    bool enabled = true;
    int threads = 0;  // 0: cores - 1, at least 1
    int slots = 2;    // answers at once
    int queue = 8;
    std::string directory;  // of weights; empty: the cache
};

struct EngineConfig {
    ListenConfig listen;
    ListenConfig admin{.port = 8081};
    int threads = 0;                   // shards; 0: one per core that the local model leaves
    double exploration_percent = 1.5;  // of the turns try a model that would not be chosen
    double early_wake_percent = 10;    // of a shard's time, to be awake when a token is due
    std::string data = "var/hayate";
    std::string assistant = "assistants/mangaassist";  // empty: gateway only
    std::string web;                 // folder of the built page; empty: found beside the binary
    std::string log_level = "info";  // debug, info, warning, error, off
    std::string sqlite_synchronous = "normal";  // or full
    std::map<std::string, ModelConfig> models;  // by name; empty: default_models()
    LocalModelConfig local_model;
    AuthConfig auth;
    LimitsConfig limits;
    BudgetsConfig budgets;

    KeyPlaces places;  // of the file it was read from
};

/// Reads and validates. Every problem is reported, not only the first. `file` is used for messages;
/// the files that the text names are not looked for.
[[nodiscard]] tl::expected<EngineConfig, Problems> parse_engine_config(std::string_view yaml,
                                                                       const std::string& file);
/// The same from a file, and the key files and weights it names must exist.
[[nodiscard]] tl::expected<EngineConfig, Problems> load_engine_config(const std::string& path);

/// Names each key once, for reading, listing and hashing.
void declare(Fields& fields, EngineConfig& config);
/// The part of a model that shapes its answers; the rest (keys, prices, time limits) is operation.
void declare_answer_shape(Fields& fields, ModelConfig& model);
void declare(Fields& fields, ModelConfig& model);
/// Every key path that may occur, for docs tests and suggestions ("listen.port",
/// "models.*.price.prompt").
[[nodiscard]] std::vector<std::string> engine_config_keys();

}  // namespace hayate::config
