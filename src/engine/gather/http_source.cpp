#include "engine/gather/http_source.hpp"

#include <utility>

#include "core/text/cut.hpp"

namespace hayate::gather {
namespace {

constexpr size_t kConnectionsMax = 64;  // a shard
constexpr milliseconds kConnectTime{2'000};
constexpr size_t kFactBytesMax = 1'500;

Error source_error(const std::string& name, ErrorKind kind, std::string text) {
    return base::private_error(kind, "source." + name, std::move(text));
}

/// "name: value" lines for the request's head.
Result<base::Secret> render_headers(const config::SourceConfig& config,
                                    const config::Environment& environment) {
    std::string head = "accept: application/json\r\nuser-agent: hayate/" HAYATE_VERSION "\r\n";
    const auto add = [&](const std::string& name, std::string_view value) {
        head.append(name).append(": ").append(value).append("\r\n");
    };
    for (const auto& [name, value] : config.headers) add(name, value);
    for (const auto& [name, secret] : config.secret_headers) {
        const auto value = config::read_secret(secret.env, secret.file, environment);
        if (!value) return fail(value.error());
        if (value->is_empty() || !net::is_field_value(value->reveal())) {
            return fail(source_error(
                config.name, ErrorKind::kBadRequest,
                "the secret of the header '" + name + "' is empty or has more than one line"));
        }
        add(name, secret.prefix + std::string(value->reveal()));
    }
    return base::Secret(std::move(head));
}

std::string label_of(const config::SourceConfig& config, const std::string& language) {
    const auto found = config.label.find(language);
    if (found != config.label.end()) return found->second;
    return config.label.empty() ? config.name : config.label.begin()->second;
}

Contribution nothing() {
    return [](Gathered&) {};
}

}  // namespace

HttpSource::HttpSource(config::SourceConfig config, net::Endpoint endpoint, base::Secret fields)
    : config_(std::move(config)),
      target_(config::split_source_url(config_.url).target),
      fields_(std::move(fields)),
      clients_(std::move(endpoint), {.connections_max = kConnectionsMax,
                                     .idle_max = kConnectionsMax / 4,
                                     .connect_time = kConnectTime,
                                     .ca_file = config_.ca_file}) {}

Result<std::shared_ptr<HttpSource>> HttpSource::make(const config::SourceConfig& config,
                                                     const config::Environment& environment) {
    auto endpoint = net::parse_endpoint(config::split_source_url(config.url).endpoint);
    if (!endpoint) return fail(std::move(endpoint.error()));
    auto fields = render_headers(config, environment);
    if (!fields) return fail(std::move(fields.error()));
    return std::shared_ptr<HttpSource>(
        new HttpSource(config, std::move(*endpoint), std::move(*fields)));
}

int64_t HttpSource::busy_connections() {
    net::HttpClient* const client = clients_.local();
    if (client == nullptr) return 0;
    const net::ClientStats& stats = client->stats();
    return stats.open - stats.idle;
}

Task<Result<Contribution>> HttpSource::fetch(Question question, store::Wait wait) {
    const auto wrong = [&](ErrorKind kind, std::string text) {
        return fail(source_error(config_.name, kind, std::move(text)));
    };
    net::HttpClient* const client = clients_.local();
    if (client == nullptr) co_return wrong(ErrorKind::kInternal, "fetched outside a shard");
    const auto target = fill_target(target_, placeholder_values(question));
    if (!target) co_return nothing();
    net::ClientRequest request{
        .method = "GET", .path = *target, .fields = std::string(fields_.reveal()), .body = ""};
    const auto response = co_await client->send(std::move(request), wait.deadline, wait.token);
    if (!response) co_return fail(response.error());
    const int status = (*response)->status();
    if (status == 204 || status == 404) co_return nothing();
    if (status >= 300 && status < 400) {
        co_return wrong(ErrorKind::kUpstream,
                        "answered " + std::to_string(status) + "; redirects are not followed");
    }
    if (status != 200) co_return wrong(ErrorKind::kUpstream, "answered " + std::to_string(status));
    const auto body = co_await (*response)->read_all(kBodyBytesMax, wait.deadline);
    if (!body) co_return fail(body.error());
    auto values = select_fields(*body, config_.select);
    if (!values) co_return wrong(ErrorKind::kUpstream, std::move(values.error().internal));
    Fact fact{.source = config_.name, .label = label_of(config_, question.language), .text = {}};
    for (const auto& [field, value] : *values) {
        if (!fact.text.empty()) fact.text += '\n';
        fact.text.append(field).append(": ").append(value);
    }
    fact.text = text::cut_graphemes(fact.text, kFactBytesMax);
    fact.values = std::move(*values);
    if (fact.text.empty()) co_return nothing();
    co_return [fact = std::move(fact)](Gathered& into) { into.facts.push_back(fact); };
}

}  // namespace hayate::gather
