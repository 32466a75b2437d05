// The chat page: its files, and the small JSON API that it uses beside the WebSocket.

#include <utility>

#include <boost/json.hpp>

#include "app/front/site.hpp"
#include "core/base/json_text.hpp"
#include "engine/turn/ask_back.hpp"
#include "engine/turn/regenerated.hpp"

namespace hayate::front {
namespace {

using base::append_json_string;
using base::append_number;

constexpr milliseconds kStoreTime{3'000};
constexpr int kSessionsMax = 100;
constexpr int kDemoCustomersMax = 20;
constexpr std::string_view kSessionsPath = "/api/sessions";

constexpr std::string_view kNoPage =
    "<!doctype html><meta charset=utf-8><title>Hayate</title><body style='font:16px "
    "sans-serif;margin:3rem'>"
    "<h1>Hayate is running</h1><p>The chat page has not been built. Run <code>make web</code> and "
    "start the "
    "server again.</p>";

std::vector<net::Field> page_headers() {
    return {{"content-security-policy",
             "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
             "'self'; "
             "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
             "require-trusted-types-for 'script'; trusted-types 'none'"},
            {"x-content-type-options", "nosniff"},
            {"referrer-policy", "no-referrer"}};
}

const Identity& identity_of(const Visit& visit) {
    return *visit.site.identities.at(runtime::Shard::current()->index());
}

store::Wait short_wait(const Visit& visit) {
    return {.deadline = Deadline::after(kStoreTime), .token = visit.exchange.client_token()};
}

void append_localized(std::string& out, const config::Localized& texts) {
    out += '{';
    for (const auto& [language, text] : texts) {
        if (out.back() != '{') out += ',';
        append_json_string(out, language);
        out += ':';
        append_json_string(out, text);
    }
    out += '}';
}

void append_strings(std::string& out, const std::vector<std::string>& texts) {
    out += '[';
    for (const std::string& text : texts) {
        if (out.back() != '[') out += ',';
        append_json_string(out, text);
    }
    out += ']';
}

std::string customer_json(const store::Customer& customer) {
    return R"({"id":)" + base::json_string(customer.id) + R"(,"name":{"en":)" +
           base::json_string(customer.name.in("en")) + R"(,"ja":)" +
           base::json_string(customer.name.in("ja")) + R"(},"language":)" +
           base::json_string(customer.language) + "}";
}

std::string assistant_json(const config::AssistantConfig& assistant) {
    std::string out = R"({"id":)" + base::json_string(assistant.id) + R"(,"name":)" +
                      base::json_string(assistant.name) + R"(,"languages":)";
    append_strings(out, assistant.languages);
    out += R"(,"greeting":)";
    append_localized(out, assistant.greeting);
    out += R"(,"suggestions":{)";
    bool is_first = true;
    for (const auto& [language, texts] : assistant.suggestions) {
        if (!std::exchange(is_first, false)) out += ',';
        append_json_string(out, language);
        out += ':';
        append_strings(out, texts);
    }
    return out + "}}";
}

/// Said on the page while no model can answer.
std::string notice_json(const Site& site, const config::AssistantConfig& assistant) {
    const bool has_model = site.router.choose({.preferred = assistant.models}).has_value();
    const auto notice = assistant.templates.find("no_model_notice");
    if (has_model || notice == assistant.templates.end()) return "null";
    std::string out;
    append_localized(out, notice->second);
    return out;
}

Task<void> get_page(Visit& visit) {
    Site& site = visit.site;
    const auto release = site.releases->current();
    std::string out = R"({"assistant":)" + assistant_json(release->assistant) + R"(,"customer":)";
    const store::Wait wait = short_wait(visit);
    Result<std::optional<store::Customer>> customer = std::nullopt;
    if (!visit.caller().is_anonymous()) {
        customer = co_await visit.site.profiles->customer(*visit.caller().customer, wait);
    }
    out += customer && *customer ? customer_json(**customer) : "null";
    out += R"(,"demo_customers":[)";
    if (visit.site.config.auth.demo_sign_in) {
        const auto demo = co_await visit.site.profiles->customers(kDemoCustomersMax, wait);
        for (size_t i = 0; demo && i < demo->size(); ++i) {
            out += (i > 0 ? "," : "") + customer_json((*demo)[i]);
        }
    }
    out += R"(],"ready":)";
    out += site.readiness().is_ready ? "true" : "false";
    out += R"(,"notice":)" + notice_json(site, release->assistant) + "}";
    co_await visit.respond({.body = std::move(out)});
}

Task<void> sign_in(Visit& visit) {
    boost::json::error_code failed;
    const auto body = boost::json::parse(visit.request().body, failed);
    const auto* id =
        !failed && body.is_object() ? body.get_object().if_contains("customer_id") : nullptr;
    if (!visit.site.config.auth.demo_sign_in || !id || !id->is_string()) {
        co_return co_await visit.refuse(
            base::public_error(ErrorKind::kBadRequest, "page",
                               "Expected {\"customer_id\": \"...\"} of a sample customer."));
    }
    auto customer =
        co_await visit.site.profiles->customer(std::string(id->get_string()), short_wait(visit));
    if (!customer) co_return co_await visit.refuse(std::move(customer.error()));
    if (!*customer) {
        co_return co_await visit.refuse(
            base::public_error(ErrorKind::kNotFound, "page", "There is no such customer."));
    }
    visit.who.set_cookie = identity_of(visit).sign_in(visit.caller(), (*customer)->id);
    co_await visit.respond({.body = customer_json(**customer)});
}

Task<void> list_sessions(Visit& visit) {
    const auto sessions =
        co_await visit.site.sessions->list(visit.caller().owner(), kSessionsMax, short_wait(visit));
    if (!sessions) co_return co_await visit.refuse(sessions.error());
    std::string out = R"({"sessions":[)";
    for (const store::SessionSummary& session : *sessions) {
        if (out.back() != '[') out += ',';
        out += R"({"id":)" + base::json_string(session.id) + R"(,"title":)" +
               base::json_string(session.title);
        out += R"(,"updated_ms":)" + std::to_string(session.updated_ms);
        out += R"(,"turns":)" + std::to_string(session.turns) + "}";
    }
    co_await visit.respond({.body = out + "]}"});
}

/// Without `suggestions` when there are none.
std::string turn_json(const store::Turn& turn, const std::vector<std::string>& suggestions) {
    std::string out = R"({"turn":)" + std::to_string(turn.number);
    const auto text = [&](std::string_view key, std::string_view value) {
        out.append(",\"").append(key).append("\":");
        append_json_string(out, value);
    };
    const auto number = [&](std::string_view key, int64_t value) {
        out.append(",\"").append(key).append("\":");
        append_number(out, value);
    };
    text("response_id", turn.response_id);
    text("client_msg_id", turn.client_msg_id);
    text("question", turn.question);
    text("answer", turn.answer);
    // The page follows a running turn by its stream; what is stored of it so far is incomplete.
    const bool is_running = turn.state == store::TurnState::kRunning;
    text("state", store::name_of(is_running ? store::TurnState::kIncomplete : turn.state));
    text("language", turn.language);
    text("model", turn.model);
    out += R"(,"cards":)" + turn.cards_json + R"(,"sources":)" + turn.sources_json;
    text("thumb", store::name_of(turn.thumb));
    number("first_word_ms", turn.first_word_ms);
    number("total_ms", turn.total_ms);
    number("created_ms", turn.created_ms);
    if (!suggestions.empty()) {
        out += R"(,"suggestions":)";
        append_strings(out, suggestions);
    }
    return out + "}";
}

/// The replies that an answer suggested: those to the last one can still be given.
std::vector<std::string> suggestions_of(const store::Turn& turn,
                                        const config::AssistantConfig& assistant) {
    if (turn.state != store::TurnState::kComplete) return {};
    return turn::phrases_of(turn.asked_back, assistant, turn.language);
}

Task<void> get_session(Visit& visit, std::string id) {
    const auto turns =
        co_await visit.site.sessions->turns(visit.caller().owner(), id, short_wait(visit));
    if (!turns) co_return co_await visit.refuse(turns.error());
    const auto release = visit.site.releases->current();
    std::string out = R"({"id":)" + base::json_string(id) + R"(,"turns":[)";
    std::string running = "null";
    const std::vector<store::Turn> shown = turn::as_shown(*turns);
    for (const store::Turn& turn : shown) {
        if (turn.state == store::TurnState::kRunning) {
            running = R"({"response_id":)" + base::json_string(turn.response_id) + R"(,"turn":)" +
                      std::to_string(turn.number) + "}";
        }
        if (out.back() != '[') out += ',';
        const bool is_last = &turn == &shown.back();
        out += turn_json(
            turn, is_last ? suggestions_of(turn, release->assistant) : std::vector<std::string>());
    }
    co_await visit.respond({.body = out + R"(],"running":)" + running + "}"});
}

Task<void> remove_session(Visit& visit, std::string id) {
    const Status removed = co_await visit.site.sessions->remove(visit.caller().owner(),
                                                                std::move(id), short_wait(visit));
    if (!removed) co_return co_await visit.refuse(removed.error());
    co_await visit.respond({.status = 204, .content_type = ""});
}

Task<void> sign_out(Visit& visit) {
    visit.who.set_cookie = identity_of(visit).sign_out();
    co_await visit.respond({.status = 204, .content_type = ""});
}

}  // namespace

Task<void> serve_page(Visit& visit) {
    const std::string_view path = visit.request().path();
    const StaticFile* file = visit.site.files.find(path == "/" ? "/index.html" : path);
    if (!file && path == "/") {
        co_return co_await visit.respond(
            {.content_type = "text/html; charset=utf-8", .body = std::string(kNoPage)});
    }
    if (!file) {
        co_return co_await visit.refuse(
            base::public_error(ErrorKind::kNotFound, "front", "There is nothing here."));
    }
    net::Response response{.content_type = file->content_type, .extra = page_headers()};
    response.extra.push_back({"etag", file->etag});
    response.extra.push_back(
        {"cache-control", file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache"});
    if (visit.request().fields.get("if-none-match") == file->etag) {
        response.status = 304;
    } else {
        response.body = file->body;
    }
    co_await visit.respond(std::move(response));
}

Task<void> serve_page_api(Visit& visit) {
    const net::Request& request = visit.request();
    if (!visit.site.releases) {
        co_return co_await visit.refuse(
            base::public_error(ErrorKind::kNotFound, "front", "This server has no assistant."));
    }
    // A form on another site cannot set a header of its own.
    const bool relies_on_cookie = visit.caller().credential != Credential::kApiKey;
    if (request.method != "GET" && relies_on_cookie && request.fields.get("x-hayate-page") != "1") {
        co_return co_await visit.refuse(base::public_error(
            ErrorKind::kForbidden, "front", "The header X-Hayate-Page: 1 is missing."));
    }
    const std::string_view path = request.path();
    if (request.method == "GET" && path == "/api/page") co_return co_await get_page(visit);
    if (request.method == "POST" && path == "/api/sign-in") co_return co_await sign_in(visit);
    if (request.method == "POST" && path == "/api/sign-out") co_return co_await sign_out(visit);
    if (request.method == "GET" && path == kSessionsPath) co_return co_await list_sessions(visit);
    if (path.starts_with(kSessionsPath) && path.size() > kSessionsPath.size() + 1) {
        std::string id(path.substr(kSessionsPath.size() + 1));
        if (request.method == "GET") co_return co_await get_session(visit, std::move(id));
        if (request.method == "DELETE") co_return co_await remove_session(visit, std::move(id));
    }
    co_await visit.refuse(
        base::public_error(ErrorKind::kNotFound, "front", "There is nothing here."));
}

}  // namespace hayate::front
