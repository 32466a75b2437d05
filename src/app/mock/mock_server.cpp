#include "app/mock/mock_server.hpp"

#include <utility>

#include "core/wire/openai_writer.hpp"

namespace hayate::mock {
namespace {

using base::ErrorKind;
using base::public_error;

constexpr int kTokensMax = 4096;
constexpr std::string_view kModelsPath = "/v1/models";
constexpr std::string_view kFirstVersionWithoutSampling = "2026-10-21";

std::string_view key_of(const net::Request& request) {
    constexpr std::string_view kBearer = "Bearer ";
    const std::string_view bearer = request.fields.get("authorization");
    return bearer.starts_with(kBearer) ? bearer.substr(kBearer.size())
                                       : request.fields.get("x-api-key");
}

net::Response refusal(Protocol protocol, const Error& error) {
    return {.status = base::shape_of(error.kind).http_status, .body = error_body(protocol, error)};
}

/// What the real API refuses, so that a client's mistake shows here already.
Status check_anthropic(const net::Request& request, const wire::ChatRequest& chat) {
    const std::string_view version = request.fields.get("anthropic-version");
    if (version.empty()) {
        return fail(
            public_error(ErrorKind::kBadRequest, "mock", "anthropic-version: header is required"));
    }
    if (version >= kFirstVersionWithoutSampling && (chat.temperature || chat.top_p)) {
        return fail(public_error(ErrorKind::kBadRequest, "mock",
                                 "temperature and top_p are not supported in this version"));
    }
    return {};
}

struct Prompt {
    std::string_view question;
    size_t bytes = 0;
};

Prompt prompt_of(const wire::ChatRequest& chat) {
    Prompt prompt;
    for (const wire::ChatMessage& message : chat.messages) {
        prompt.bytes += message.text.size();
        if (message.role == wire::ChatRole::kUser) prompt.question = message.text;
    }
    return prompt;
}

}  // namespace

MockServer::MockServer(const runtime::Executor& executor, MockOptions options)
    : options_(std::move(options)),
      http_(executor, options_.http, [this](net::Exchange& exchange) { return handle(exchange); }) {
    if (!options_.log) options_.log = std::make_shared<MockLog>();
}

Status MockServer::check_caller(const net::Request& request) const {
    const std::string_view key = key_of(request);
    if (options_.key.is_empty() || base::equal_constant_time(key, options_.key.reveal())) return {};
    // The real ones quote the key as well; a gateway must not pass that on.
    return fail(public_error(ErrorKind::kUnauthenticated, "mock",
                             "Incorrect API key provided: " + std::string(key) + ".",
                             "invalid_api_key"));
}

net::Response MockServer::models_response(std::string_view path) const {
    std::vector<wire::ListedModel> listed;
    listed.reserve(options_.models.size());
    for (const std::string& name : options_.models)
        listed.push_back({.id = name, .owned_by = "mock"});
    if (path == kModelsPath) return {.body = wire::openai_models_body(listed)};
    for (const wire::ListedModel& model : listed) {
        if (path.substr(kModelsPath.size() + 1) == model.id) {
            return {.body = wire::openai_model_body(model)};
        }
    }
    return refusal(Protocol::kOpenAi, public_error(ErrorKind::kNotFound, "mock", "no such model"));
}

Task<void> MockServer::handle(net::Exchange& exchange) {
    const net::Request& request = exchange.request();
    const std::string_view path = request.path();
    const bool is_anthropic = path == "/v1/messages";
    const Protocol protocol = is_anthropic ? Protocol::kAnthropic : Protocol::kOpenAi;
    if (request.method == "GET" && path == "/_mock/log") {
        co_await exchange.respond({.body = options_.log->json()});
    } else if (const Status known = check_caller(request); !known) {
        co_await exchange.respond(refusal(protocol, known.error()));
    } else if (request.method == "GET" && path.starts_with(kModelsPath)) {
        co_await exchange.respond(models_response(path));
    } else if (request.method == "POST" && (is_anthropic || path == "/v1/chat/completions")) {
        co_await answer(exchange, protocol);
    } else {
        co_await exchange.respond(refusal(
            protocol,
            public_error(ErrorKind::kNotFound, "mock", "there is nothing at this address")));
    }
}

Result<MockAnswer::Work> MockServer::work_for(const net::Request& request, Protocol protocol) {
    const auto chat = decode_request(protocol, request.body);
    if (!chat) return fail(chat.error());
    if (protocol == Protocol::kAnthropic) {
        if (Status sound = check_anthropic(request, *chat); !sound) return fail(sound.error());
    }
    model::Simulation simulation = options_.simulation;
    const Status set = model::set_options(simulation, request.fields.get("x-mock"));
    if (!set) return fail(set.error());
    const Prompt prompt = prompt_of(*chat);
    const uint64_t call = calls_++;
    return MockAnswer::Work{
        .protocol = protocol,
        .streams = chat->stream && !simulation.answers_json,
        .split_bytes = static_cast<size_t>(simulation.split_bytes),
        .plan = model::plan_answer(simulation, prompt.question, prompt.bytes,
                                   chat->max_tokens.value_or(kTokensMax), call),
        .writer = make_writer(protocol, *chat, call),
        .record = {
            .path = std::string(request.path()), .model = chat->model, .body = request.body}};
}

Task<void> MockServer::answer(net::Exchange& exchange, Protocol protocol) {
    auto work = work_for(exchange.request(), protocol);
    if (!work) {
        co_await exchange.respond(refusal(protocol, work.error()));
        co_return;
    }
    MockAnswer answer(exchange, std::move(*work), *options_.log);
    co_await answer.run();
}

}  // namespace hayate::mock
