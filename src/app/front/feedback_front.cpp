// POST /v1/feedback: what a customer says of an answer, for clients of the API.

#include "app/front/site.hpp"
#include "core/base/json_text.hpp"
#include "core/wire/chat_frames.hpp"

namespace hayate::front {
namespace {

constexpr milliseconds kStoreTime{3'000};
/// Of a completion's id, before the response id.
constexpr std::string_view kCompletion = "chatcmpl-";

std::string_view response_id_of(std::string_view id) {
    return id.starts_with(kCompletion) ? id.substr(kCompletion.size()) : id;
}

}  // namespace

Task<void> serve_feedback(Visit& visit) {
    if (visit.site.feedback == nullptr) {
        co_return co_await visit.refuse(
            base::public_error(ErrorKind::kNotFound, "front", "This server has no assistant."));
    }
    auto body = wire::parse_feedback_body(visit.request().body);
    if (!body) co_return co_await visit.refuse(std::move(body.error()));
    const auto caller = on_behalf_of(visit.caller(), body->user);
    if (!caller) co_return co_await visit.refuse(caller.error());
    const std::string id(response_id_of(body->feedback.response_id));
    const auto thumb = store::thumb_of(body->feedback.thumb).value_or(store::Thumb::kNone);
    const Status kept = co_await visit.site.feedback->give(
        caller->owner(), id, thumb,
        {.deadline = Deadline::after(kStoreTime), .token = visit.exchange.client_token()});
    if (!kept) co_return co_await visit.refuse(kept.error());
    co_await visit.respond({.body = R"({"response_id":)" + base::json_string(id) + R"(,"thumb":)" +
                                    base::json_string(store::name_of(thumb)) + "}\n"});
}

}  // namespace hayate::front
