#pragma once
// What is fetched for a turn: the `sources` of an assistant. The four that come with the stores are
// there by themselves; a service of the shop's own is added by a few lines.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fields.hpp"
#include "core/config/problems.hpp"

namespace hayate::config {

/// A text per language code.
using Localized = std::map<std::string, std::string>;

/// A header whose value is read at the start, from a variable or a file.
struct SecretHeaderConfig {
    std::string env;
    std::string file;
    std::string prefix;  // for example "Bearer "
};

struct SourceConfig {
    std::string name;  // key of the map
    std::string kind;  // retrieval, session, profile, orders, http; empty: the name itself
    int timeout_ms = 1000;
    int soft_wait_ms = -1;  // -1: the assistant's
    bool required = false;
    std::vector<std::string> needs;  // sources whose result it wants

    // http alone:
    std::string url;  // with {placeholders} in path and query
    std::map<std::string, std::string> headers;
    std::map<std::string, SecretHeaderConfig> secret_headers;
    std::map<std::string, std::string> select;  // field -> JSON pointer (RFC 6901) into the answer
    Localized label;                            // how the prompt names it; empty: its name
    std::string ca_file;  // PEM of the authority to trust; empty: the system's

    [[nodiscard]] std::string_view kind_name() const { return kind.empty() ? name : kind; }
};
using SourceConfigs = std::map<std::string, SourceConfig>;

[[nodiscard]] SourceConfigs default_sources();
[[nodiscard]] const std::vector<std::string>& source_kinds();

/// A `url` in two halves: where the server is, which no placeholder can change, and what is asked.
struct SourceUrl {
    std::string endpoint;  // "https://host:8443"
    std::string target;    // "/path/{question}?lang={language}"
};
[[nodiscard]] SourceUrl split_source_url(std::string_view url);

/// The placeholders that the source's URL may have, given what it needs.
[[nodiscard]] std::vector<std::string> known_placeholders(const SourceConfig& source,
                                                          const SourceConfigs& all);

void declare(Fields& fields, SourceConfigs& sources);
[[nodiscard]] Problems check_sources(const SourceConfigs& sources,
                                     const std::vector<std::string>& languages,
                                     const KeyPlaces& places);
/// The files that they name exist.
[[nodiscard]] Problems check_source_files(const SourceConfigs& sources, const KeyPlaces& places);

}  // namespace hayate::config
