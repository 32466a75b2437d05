#include "app/cli/client.hpp"

#include <utility>

#include <boost/json.hpp>

#include "app/cli/blocking.hpp"
#include "core/base/json_text.hpp"
#include "core/wire/openai_call.hpp"
#include "core/wire/sse.hpp"

namespace hayate::cli {
namespace {

constexpr size_t kReplyBytesMax = 4 * 1024 * 1024;
constexpr std::chrono::minutes kAnswerTime{5};

Error refused(int status, std::string_view body) {
    const auto said = wire::decode_upstream_error(body);
    std::string text = said ? said->message : "the server answered " + std::to_string(status);
    return base::public_error(status == 401 ? ErrorKind::kUnauthenticated : ErrorKind::kUnavailable,
                              "client", std::move(text));
}

/// Empty when there is none.
std::string id_in(std::string_view chunk) {
    boost::json::error_code failed;
    const auto value = boost::json::parse({chunk.data(), chunk.size()}, failed);
    const auto* id = !failed && value.is_object() ? value.get_object().if_contains("id") : nullptr;
    return id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string();
}

Status take_chunk(std::string_view json, const std::function<void(std::string_view)>& on_text) {
    wire::OpenAiChunk chunk;
    if (Status read = wire::decode_openai_chunk(json, chunk); !read) return read;
    if (chunk.error) {
        return fail(base::public_error(ErrorKind::kUpstream, "client", chunk.error->message));
    }
    if (!chunk.text.empty()) on_text(chunk.text);
    return {};
}

}  // namespace

std::string chat_body(std::string_view model, const std::vector<std::string>& texts) {
    std::string body = R"({"model":)" + base::json_string(model) + R"(,"stream":true,"messages":[)";
    for (size_t i = 0; i < texts.size(); ++i) {
        body += i > 0 ? "," : "";
        body += i % 2 == 0 ? R"({"role":"user","content":)" : R"({"role":"assistant","content":)";
        body += base::json_string(texts[i]) + "}";
    }
    return body + "]}";
}

Result<std::unique_ptr<Client>> Client::connect_to(const std::string& url, const std::string& key) {
    auto endpoint = net::parse_endpoint(url);
    if (!endpoint) return fail(std::move(endpoint.error()));
    std::string fields = "content-type: application/json\r\n";
    if (!key.empty()) {
        if (!net::is_field_value(key)) {
            return fail(base::public_error(ErrorKind::kBadRequest, "client",
                                           "the key contains control characters"));
        }
        fields += "authorization: Bearer " + key + "\r\n";
    }
    return std::unique_ptr<Client>(new Client(std::move(*endpoint), std::move(fields)));
}

Client::Client(net::Endpoint endpoint, std::string fields) : fields_(std::move(fields)) {
    http_ = std::make_unique<net::HttpClient>(shards_.at(0).executor(), std::move(endpoint),
                                              net::ClientLimits{});
    shards_.start();
}

Client::~Client() {
    shards_.stop_and_join();
    http_.reset();
}

Result<Client::Reply> Client::get(std::string path) {
    return send({.method = "GET", .path = std::move(path), .fields = fields_});
}

Result<Client::Reply> Client::post(std::string path, std::string body) {
    return send({.path = std::move(path), .fields = fields_, .body = std::move(body)});
}

Result<Client::Reply> Client::send(net::ClientRequest request) {
    return wait_for(shards_.at(0), [&]() -> Task<Result<Reply>> {
        const Deadline deadline = Deadline::after(std::chrono::seconds(10));
        auto response = co_await http_->send(std::move(request), deadline, {});
        if (!response) co_return fail(std::move(response.error()));
        auto body = co_await (*response)->read_all(kReplyBytesMax, deadline);
        if (!body) co_return fail(std::move(body.error()));
        co_return Reply{(*response)->status(), std::move(*body)};
    });
}

Status Client::ask(std::string body, const std::function<void(std::string_view)>& on_text,
                   const std::function<bool()>& stop) {
    return wait_for(shards_.at(0), [&]() -> Task<Status> {
        const Deadline deadline = Deadline::after(kAnswerTime);
        auto response = co_await http_->send(
            {.path = "/v1/chat/completions", .fields = fields_, .body = std::move(body)}, deadline,
            {});
        if (!response) co_return fail(std::move(response.error()));
        if ((*response)->status() != 200) {
            const auto text = co_await (*response)->read_all(kReplyBytesMax, deadline);
            co_return fail(refused((*response)->status(), text.value_or("")));
        }
        wire::SseParser parser;
        answer_id_.clear();
        while (!stop()) {
            auto bytes = co_await (*response)->read(deadline);
            if (!bytes) co_return fail(std::move(bytes.error()));
            if (bytes->empty())
                co_return fail(ErrorKind::kUpstream, "client", "the answer was cut off");
            bool is_done = false;
            const Status fed = parser.feed(*bytes, [&](const wire::SseEvent& event) -> Status {
                is_done = event.data == "[DONE]";
                if (answer_id_.empty()) answer_id_ = id_in(event.data);
                return is_done ? Status{} : take_chunk(event.data, on_text);
            });
            if (!fed || is_done) co_return fed;
        }
        co_return Status{};
    });
}

}  // namespace hayate::cli
