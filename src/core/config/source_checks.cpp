// What a list of sources must not say although each key alone is well-formed.

#include <algorithm>

#include <fmt/format.h>

#include "core/base/nearest.hpp"
#include "core/config/addresses.hpp"
#include "core/config/files.hpp"
#include "core/config/source_config.hpp"
#include "core/config/source_needs.hpp"
#include "core/config/template_text.hpp"

namespace hayate::config {
namespace {

constexpr size_t kNameBytesMax = 64;
constexpr size_t kUrlBytesMax = 2'000;
constexpr size_t kSourcesMax = 32;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// Names become placeholders, metrics and log lines.
bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= kNameBytesMax &&
           std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '_'; });
}

bool is_header_name(std::string_view text) {
    static const std::vector<std::string_view> own{
        "host", "content-length", "transfer-encoding", "connection", "accept-encoding", "upgrade"};
    return !text.empty() && text.size() <= kNameBytesMax && std::ranges::count(own, text) == 0 &&
           std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
}

bool is_variable_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_';
    });
}

/// RFC 6901: "/" before each step; "~" only as "~0" and "~1".
bool is_pointer(std::string_view text) {
    if (!text.starts_with('/')) return false;
    for (size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
        const char next = at + 1 < text.size() ? text[at + 1] : ' ';
        if (next != '0' && next != '1') return false;
    }
    return true;
}

class SourceChecker {
  public:
    SourceChecker(const SourceConfigs& sources, const KeyPlaces& places)
        : sources_(sources), places_(places) {}

    void check(const SourceConfig& source, const std::vector<std::string>& languages) {
        key_ = "sources." + source.name;
        require(is_name(source.name), "", "expected a name of a-z, 0-9 and _, at most 64");
        const auto& kinds = source_kinds();
        const bool is_known = std::ranges::count(kinds, source.kind_name()) > 0;
        if (!is_known || (source.kind.empty() && source.name == "http")) {
            // A wrong kind has been reported where it stands.
            return require(places_.has(key_ + ".kind"), "",
                           fmt::format("kind is missing: one of {}{}", fmt::join(kinds, ", "),
                                       base::did_you_mean(source.name, kinds)));
        }
        if (source.kind_name() == "http") {
            check_url(source);
            check_headers(source);
            check_select(source);
            check_label(source, languages);
        } else {
            for (const std::string key :
                 {"url", "headers", "secret_headers", "select", "label", "ca_file"}) {
                require(!places_.has(key_ + "." + key), "." + key,
                        "only a source of kind http has it");
            }
        }
    }
    void add(Problem problem) { problems_.push_back(std::move(problem)); }
    [[nodiscard]] Problems take() { return std::move(problems_); }

  private:
    void require(bool is_right, const std::string& key, std::string text) {
        if (!is_right) problems_.push_back(places_.problem(key_ + key, std::move(text)));
    }
    void check_url(const SourceConfig& source);
    void check_headers(const SourceConfig& source);
    void check_select(const SourceConfig& source);
    void check_label(const SourceConfig& source, const std::vector<std::string>& languages);

    const SourceConfigs& sources_;
    const KeyPlaces& places_;
    std::string key_;
    Problems problems_;
};

void SourceChecker::check_url(const SourceConfig& source) {
    if (source.url.empty()) {
        return require(false, "",
                       "url is missing, for example https://shop.example/stock/{series}");
    }
    const SourceUrl url = split_source_url(source.url);
    const std::string problem = base_url_problem(url.endpoint);
    if (!problem.empty()) return require(false, ".url", problem);
    const bool is_plain = std::ranges::all_of(
        url.target, [](char c) { return c > ' ' && c < '\x7f' && c != '#' && c != '\\'; });
    require(is_plain && source.url.size() <= kUrlBytesMax, ".url",
            "expected path and query without spaces, '#' and '\\', percent-encoded, at most 2,000 "
            "bytes");
    const auto used = placeholders_of(url.target);
    if (!used) return require(false, ".url", used.error());
    const std::vector<std::string> known = known_placeholders(source, sources_);
    for (const std::string& name : *used) {
        if (std::ranges::count(known, name) > 0) continue;
        std::string hint = base::did_you_mean(name, known);
        if (name == "order") hint = "; it comes with needs: [orders]";
        if (name == "series") hint = "; it comes with needs: [retrieval]";
        if (hint.empty()) hint = fmt::format("; known here: {}", fmt::join(known, ", "));
        require(false, ".url", fmt::format("unknown placeholder {{{}}}{}", name, hint));
    }
}

void SourceChecker::check_headers(const SourceConfig& source) {
    const std::string name_help = "expected a header of the service's own, in lower case";
    for (const auto& [name, value] : source.headers) {
        require(is_header_name(name), ".headers." + name, name_help);
        require(is_visible(value), ".headers." + name, "expected plain ASCII on one line");
    }
    for (const auto& [name, secret] : source.secret_headers) {
        const std::string key = ".secret_headers." + name;
        require(is_header_name(name), key, name_help);
        require(secret.env.empty() != secret.file.empty(), key, "expected one of env and file");
        require(secret.env.empty() || is_variable_name(secret.env), key + ".env",
                "expected the name of an environment variable, never the secret itself");
        require(is_visible(secret.prefix), key + ".prefix", "expected plain ASCII on one line");
        require(!source.headers.contains(name), key, "is among the headers as well");
    }
}

void SourceChecker::check_select(const SourceConfig& source) {
    require(!source.select.empty(), "",
            "select is missing: what to take of the answer, for example {stock: /items/0/stock}");
    for (const auto& [field, pointer] : source.select) {
        require(is_name(field), ".select." + field, "expected a name of a-z, 0-9 and _");
        require(is_pointer(pointer), ".select." + field,
                "expected a JSON pointer such as /items/0/stock");
    }
}

void SourceChecker::check_label(const SourceConfig& source,
                                const std::vector<std::string>& languages) {
    if (source.label.empty()) return;
    for (const std::string& language : languages) {
        const auto found = source.label.find(language);
        require(found != source.label.end() && !found->second.empty(), ".label." + language,
                "a text is missing or empty");
    }
    for (const auto& entry : source.label) {
        require(std::ranges::count(languages, entry.first) > 0, ".label." + entry.first,
                fmt::format("'{}' is not one of the assistant's languages", entry.first));
    }
}

}  // namespace

Problems check_sources(const SourceConfigs& sources, const std::vector<std::string>& languages,
                       const KeyPlaces& places) {
    SourceChecker checker(sources, places);
    SourceNeeds needs;
    for (const auto& [name, source] : sources) {
        checker.check(source, languages);
        needs[name] = source.needs;
    }
    for (NeedProblem& problem : problems_of_needs(needs)) {
        checker.add(
            places.problem("sources." + problem.source + ".needs", std::move(problem.text)));
    }
    if (sources.size() > kSourcesMax) {
        checker.add(places.problem("sources", fmt::format("more than {}", kSourcesMax)));
    }
    return checker.take();
}

Problems check_source_files(const SourceConfigs& sources, const KeyPlaces& places) {
    Problems problems;
    // The path is not repeated: where a file belongs, people have pasted the secret.
    const auto look = [&](const std::string& key, const std::string& path) {
        if (path.empty()) return;
        if (const auto problem = file_problem(path)) {
            problems.push_back(places.problem(key, *problem));
        }
    };
    for (const auto& [name, source] : sources) {
        const std::string key = fmt::format("sources.{}.", name);
        look(key + "ca_file", source.ca_file);
        for (const auto& [header, secret] : source.secret_headers) {
            look(fmt::format("{}secret_headers.{}.file", key, header), secret.file);
        }
    }
    return problems;
}

}  // namespace hayate::config
