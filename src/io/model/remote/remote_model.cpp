#include "io/model/remote/remote_model.hpp"

#include <algorithm>
#include <utility>

#include "io/model/remote/refusal.hpp"
#include "io/model/remote/remote_stream.hpp"

namespace hayate::model {
namespace {

constexpr size_t kRefusalBytesMax = size_t{64} * 1024;
constexpr milliseconds kRefusalTime{2'000};
constexpr milliseconds kProbeTime{5'000};

base::Secret render(const std::vector<net::Field>& first, const std::vector<net::Field>& second) {
    std::string text =
        "content-type: application/json\r\nuser-agent: hayate/" HAYATE_VERSION "\r\n";
    for (const auto* fields : {&first, &second}) {
        for (const net::Field& field : *fields) {
            text.append(field.name).append(": ").append(field.value).append("\r\n");
        }
    }
    return base::Secret(std::move(text));
}

net::ClientLimits limits_of(const RemoteOptions& options) {
    net::ClientLimits limits = options.limits;
    // The stream keeps its own, finer limits; the client's must not strike before them.
    const auto longest =
        std::max({options.first_token_time, options.stall_time, options.whole_answer_time});
    limits.stall_time = std::max(limits.stall_time, longest + milliseconds(1'000));
    return limits;
}

bool is_field_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

/// Keys come from files and shells, often with a line end.
base::Secret trimmed(const base::Secret& key) {
    std::string_view text = key.reveal();
    while (!text.empty() && std::string_view(" \t\r\n").contains(text.back()))
        text.remove_suffix(1);
    while (!text.empty() && std::string_view(" \t\r\n").contains(text.front()))
        text.remove_prefix(1);
    return base::Secret(std::string(text));
}

}  // namespace

Result<net::Endpoint> check_options(RemoteOptions& options) {
    const auto wrong = [&](std::string text) {
        return fail(base::public_error(ErrorKind::kBadRequest, "model." + options.name,
                                       "model '" + options.name + "': " + std::move(text)));
    };
    options.key = trimmed(options.key);
    if (!std::ranges::all_of(options.key.reveal(), [](char c) { return c > ' ' && c < '\x7f'; })) {
        return wrong("the key contains characters that no key has");
    }
    for (const net::Field& field : options.headers) {
        if (!is_field_name(field.name) || !net::is_field_value(field.value)) {
            return wrong("the header '" + field.name + "' cannot be sent");
        }
    }
    if (options.model_id.empty()) return wrong("the provider's model id is missing");
    Result<net::Endpoint> endpoint = net::parse_endpoint(options.base_url);
    if (!endpoint) return wrong(endpoint.error().external);
    return endpoint;
}

RemoteModel::RemoteModel(net::Endpoint endpoint, RemoteOptions options, Protocol protocol)
    : options_(std::move(options)),
      source_("model." + options_.name),
      call_path_(std::move(protocol.call_path)),
      probe_path_(std::move(protocol.probe_path)),
      has_whole_answers_(protocol.has_whole_answers),
      fields_(render(protocol.fields, options_.headers)),
      clients_(std::move(endpoint), limits_of(options_)) {}

Task<Error> RemoteModel::refusal_of(std::unique_ptr<net::ClientResponse> response) const {
    const auto body = co_await response->read_all(kRefusalBytesMax, Deadline::after(kRefusalTime));
    const Refusal refusal{.status = response->status(),
                          .retry_after = response->fields().get("retry-after"),
                          .retry_after_ms = response->fields().get("retry-after-ms"),
                          .body = body ? std::string_view(*body) : std::string_view()};
    co_return error_of(refusal, source_, options_.key.reveal(), base::unix_ms() / 1000);
}

Task<Result<std::unique_ptr<ModelStream>>> RemoteModel::start(ModelRequest request,
                                                              CancelToken token) {
    net::HttpClient* const client = clients_.local();
    if (client == nullptr) co_return fail(ErrorKind::kInternal, source_, "started outside a shard");
    const bool is_whole = has_whole_answers_ && !request.is_streamed;
    const milliseconds silence = is_whole ? options_.whole_answer_time : options_.first_token_time;
    RemoteStream::Options options{.source = source_,
                                  .first_token = request.first_token_deadline.capped(silence),
                                  .stall_time = options_.stall_time};
    auto stream = std::make_unique<RemoteStream>(co_await runtime::current_executor(),
                                                 std::move(options), make_decoder(), token);
    net::ClientRequest call{
        .path = call_path_, .fields = std::string(fields_.reveal()), .body = body_of(request)};
    auto response = co_await client->send(std::move(call), Deadline::never(), stream->token());
    if (!response) co_return fail(stream->explain(std::move(response.error())));
    if ((*response)->status() != 200) co_return fail(co_await refusal_of(std::move(*response)));
    stream->attach(std::move(*response));
    co_return stream;
}

Task<Status> RemoteModel::probe(CancelToken token) {
    net::HttpClient* const client = clients_.local();
    if (client == nullptr) co_return fail(ErrorKind::kInternal, source_, "probed outside a shard");
    net::ClientRequest call{
        .method = "GET", .path = probe_path_, .fields = std::string(fields_.reveal()), .body = ""};
    auto response = co_await client->send(std::move(call), Deadline::after(kProbeTime), token);
    if (!response) {
        response.error().source = source_;
        co_return fail(std::move(response.error()));
    }
    const int status = (*response)->status();
    Error refused = co_await refusal_of(std::move(*response));
    // Small servers often have no such list; that they answer is enough.
    const bool is_alive = status == 200 || status == 404 || status == 405;
    if (is_alive) co_return Status{};
    co_return fail(std::move(refused));
}

Task<Status> RemoteModel::warm(CancelToken token) {
    net::HttpClient* const client = clients_.local();
    if (client == nullptr) co_return fail(ErrorKind::kInternal, source_, "warmed outside a shard");
    Status warmed = co_await client->warm(token);
    if (!warmed) warmed.error().source = source_;
    co_return warmed;
}

}  // namespace hayate::model
