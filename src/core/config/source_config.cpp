#include "core/config/source_config.hpp"

#include <algorithm>

namespace hayate::config {
namespace {

void declare_texts(Fields& fields, std::string_view key,
                   std::map<std::string, std::string>& texts) {
    fields.each(key, texts,
                [&](const std::string& name, std::string& text) { fields.text(name, text); });
}

void declare_headers(Fields& fields, SourceConfig& source) {
    // Not repeated in a message: here people paste their keys.
    fields.each("headers", source.headers, [&](const std::string& name, std::string& value) {
        fields.discreet_text(name, value);
    });
    fields.each("secret_headers", source.secret_headers,
                [&](const std::string& name, SecretHeaderConfig& secret) {
                    fields.group(name, [&] {
                        fields.discreet_text("env", secret.env);
                        fields.discreet_text("file", secret.file);
                        fields.discreet_text("prefix", secret.prefix);
                    });
                });
}

}  // namespace

SourceConfigs default_sources() {
    return {
        {"orders", {.name = "orders", .timeout_ms = 800}},
        {"profile", {.name = "profile", .timeout_ms = 1000}},
        {"retrieval", {.name = "retrieval", .timeout_ms = 2000}},
        {"session", {.name = "session", .timeout_ms = 1000}},
    };
}

const std::vector<std::string>& source_kinds() {
    static const std::vector<std::string> kinds{"retrieval", "session", "profile", "orders",
                                                "http"};
    return kinds;
}

SourceUrl split_source_url(std::string_view url) {
    const size_t colon = url.find("://");
    const size_t host = colon == std::string_view::npos ? 0 : colon + 3;
    const size_t target = std::min(url.find_first_of("/?", host), url.size());
    SourceUrl parts{.endpoint = std::string(url.substr(0, target)),
                    .target = std::string(url.substr(target))};
    if (!parts.target.starts_with('/')) parts.target.insert(0, "/");
    return parts;
}

std::vector<std::string> known_placeholders(const SourceConfig& source, const SourceConfigs& all) {
    std::vector<std::string> known{"question", "language", "customer"};
    for (const std::string& need : source.needs) {
        const auto found = all.find(need);
        if (found == all.end()) continue;
        if (found->second.kind_name() == "orders") known.emplace_back("order");
        if (found->second.kind_name() == "retrieval") known.emplace_back("series");
        for (const auto& field : found->second.select) known.push_back(need + "_" + field.first);
    }
    return known;
}

void declare(Fields& fields, SourceConfigs& sources) {
    fields.each("sources", sources, [&](const std::string& name, SourceConfig& source) {
        source.name = name;
        fields.group(name, [&] {
            fields.choice("kind", source.kind, source_kinds());
            fields.integer("timeout_ms", source.timeout_ms, 1, 60'000);
            fields.integer("soft_wait_ms", source.soft_wait_ms, 0, 60'000);
            fields.flag("required", source.required);
            fields.texts("needs", source.needs);
            fields.discreet_text("url", source.url);
            declare_headers(fields, source);
            declare_texts(fields, "select", source.select);
            declare_texts(fields, "label", source.label);
            fields.text("ca_file", source.ca_file);
        });
    });
}

}  // namespace hayate::config
