// /ws: the native chat protocol. One ChatSocket per connection; each answer it follows is a child
// task that forwards the answer's log. The connection may go; the turn goes on for a while, and a
// later connection resumes it.

#include <map>
#include <utility>

#include "app/front/origin.hpp"
#include "app/front/site.hpp"
#include "core/base/log.hpp"
#include "core/wire/chat_frames.hpp"
#include "io/net/websocket.hpp"

namespace hayate::front {
namespace {

constexpr milliseconds kPingInterval{15'000};
constexpr Duration kRateWindow = std::chrono::minutes(1);
constexpr size_t kFramesPerWindow = 300;
constexpr milliseconds kFeedbackTime{3'000};

class ChatSocket {
  public:
    ChatSocket(Site& site, std::unique_ptr<net::WebSocket> socket, Caller caller,
               const runtime::Executor& executor)
        : site_(site),
          socket_(std::move(socket)),
          caller_(std::move(caller)),
          tasks_(executor, socket_->gone_token()) {}

    Task<void> run() {
        socket_->send(wire::hello_frame(kPingInterval.count(),
                                        static_cast<size_t>(site_.config.limits.text_chars),
                                        net::WebSocketLimits{}.message_bytes_max));
        while (true) {
            auto message = co_await socket_->read(socket_->gone_token());
            if (!message && message.error().kind != ErrorKind::kBadRequest) break;
            if (is_flooding()) {
                co_await socket_->close(1008, "too many messages");
                break;
            }
            if (message) {
                co_await handle(*message);
            } else {
                send_error(message.error());
            }
        }
        tasks_.cancel(CancelReason::kClientGone);
        co_await tasks_.join();
    }

  private:
    Task<void> handle(const std::string& message) {
        auto frame = wire::parse_client_frame(message);
        if (!frame) {
            send_error(frame.error());
        } else if (auto* ask = std::get_if<wire::AskFrame>(&*frame)) {
            co_await this->ask(std::move(*ask));
        } else if (const auto* stop = std::get_if<wire::StopFrame>(&*frame)) {
            site_.hub.stop(stop->response_id, owner());
        } else if (const auto* resume = std::get_if<wire::ResumeFrame>(&*frame)) {
            follow(resume->response_id, resume->after_seq);
        } else if (const auto* sign_in = std::get_if<wire::SignInFrame>(&*frame)) {
            co_await take_customer(sign_in->token);
        } else if (auto* feedback = std::get_if<wire::FeedbackFrame>(&*frame)) {
            co_await keep(std::move(*feedback));
        }
    }

    /// Errors do not carry the response id: they would look like the end of that answer.
    Task<void> keep(wire::FeedbackFrame feedback) {
        const auto thumb = store::thumb_of(feedback.thumb).value_or(store::Thumb::kNone);
        const Status kept = co_await site_.feedback->give(
            caller_.owner(), feedback.response_id, thumb,
            {.deadline = Deadline::after(kFeedbackTime), .token = socket_->gone_token()});
        if (!kept) co_return send_error(kept.error(), feedback.client_msg_id);
        socket_->send(wire::feedback_frame(feedback));
    }

    Task<void> take_customer(std::string token) {
        Identity& identity = *site_.identities.at(runtime::Shard::current()->index());
        auto who =
            co_await identity.identify(Need::kPage, {.customer_token = std::move(token)}, {});
        if (!who) co_return send_error(who.error());
        caller_.customer = who->caller.customer;
    }

    Task<void> ask(wire::AskFrame frame) {
        turn::Ask ask{.owner = caller_.owner(), .customer = caller_.customer.value_or("")};
        ask.text = std::move(frame.text);
        ask.language_hint = std::move(frame.language);
        ask.session = std::move(frame.session);
        ask.client_msg_id = frame.client_msg_id;
        ask.regenerates = frame.regenerate;
        ask.wants_trace = frame.wants_trace;
        const auto accepted = co_await site_.turns->ask(std::move(ask));
        if (!accepted) {
            send_error(accepted.error(), frame.client_msg_id);
            co_return;
        }
        socket_->send(wire::accepted_frame(frame.client_msg_id, accepted->session,
                                           accepted->response_id, accepted->number));
        follow(accepted->response_id, 0);
    }

    /// One reading of an answer at a time: who asks for it anew gets it anew, not twice.
    void follow(const std::string& response_id, uint64_t after_seq) {
        auto reading = std::make_shared<CancelSource>(tasks_.token());
        std::shared_ptr<CancelSource>& current = readings_[response_id];
        if (current) current->cancel(CancelReason::kLostRace);
        current = reading;
        tasks_.spawn([this, response_id, after_seq, reading]() -> Task<void> {
            co_await forward(response_id, after_seq, reading->token());
            const auto found = readings_.find(response_id);
            if (found != readings_.end() && found->second == reading) readings_.erase(found);
        });
    }

    Task<void> forward(std::string response_id, uint64_t after_seq, CancelToken token) {
        auto reader = co_await site_.hub.attach(response_id, owner(), after_seq);
        if (!reader) {
            socket_->send(wire::gone_frame(response_id));
            co_return;
        }
        while (true) {
            const auto events = co_await (*reader)->next(token);
            if (events.empty() || token.is_cancelled()) co_return;
            for (const wire::AnswerEvent& event : joined(events)) {
                if (!socket_->send(wire::event_frame(response_id, event))) co_return;
            }
        }
    }

    /// Deltas that wait together leave together: the frame carries the last one's number.
    static std::vector<wire::AnswerEvent> joined(const std::vector<wire::SharedEvent>& events) {
        std::vector<wire::AnswerEvent> all;
        for (const wire::SharedEvent& event : events) {
            const auto* delta = std::get_if<wire::DeltaEvent>(&event->body);
            auto* before = all.empty() ? nullptr : std::get_if<wire::DeltaEvent>(&all.back().body);
            if (delta && before) {
                before->text += delta->text;
                all.back().seq = event->seq;
            } else {
                all.push_back(*event);
            }
        }
        return all;
    }

    bool is_flooding() {
        const TimePoint now = base::Clock::now();
        if (now - window_began_ > kRateWindow) {
            window_began_ = now;
            frames_in_window_ = 0;
        }
        return ++frames_in_window_ > kFramesPerWindow;
    }

    void send_error(const Error& error, std::string_view client_msg_id = {}) {
        socket_->send(wire::error_frame(error, client_msg_id, {}));
    }
    [[nodiscard]] std::string owner() const {
        const store::Owner owner = caller_.owner();
        return owner.tenant + "/" + owner.subject;
    }

    Site& site_;
    std::unique_ptr<net::WebSocket> socket_;
    Caller caller_;
    runtime::TaskScope tasks_;
    std::map<std::string, std::shared_ptr<CancelSource>> readings_;  // by response id
    TimePoint window_began_{};
    size_t frames_in_window_ = 0;
};

/// Pages must come from an allowed origin; a program that sends none must not rely on a cookie.
Status check_origin(const Site& site, const net::Request& request) {
    const std::string* origin = request.fields.find("origin");
    const bool is_allowed =
        origin ? is_allowed_origin(*origin, request.fields.get("host"), site.allowed_origins)
               : request.fields.find("cookie") == nullptr;
    if (is_allowed) return {};
    return fail(base::public_error(
        ErrorKind::kForbidden, "websocket",
        "Pages of this origin may not connect; see auth.allowed_origins.", "origin_not_allowed"));
}

}  // namespace

Task<void> serve_chat_socket(Visit& visit) {
    if (!visit.site.turns) {
        co_return co_await visit.refuse(
            base::public_error(ErrorKind::kNotFound, "front", "This server has no assistant."));
    }
    if (Status ok = check_origin(visit.site, visit.request()); !ok) {
        co_return co_await visit.refuse(std::move(ok.error()));
    }
    auto socket = co_await visit.exchange.accept_websocket(
        {.ping_interval = kPingInterval, .heartbeat = R"({"type":"ping"})"});
    if (!socket && !visit.exchange.is_answered()) co_await visit.refuse(socket.error());
    if (!socket) co_return;
    // A fresh root: the HTTP connection's frame and buffers end here.
    const auto executor = co_await runtime::current_executor();
    auto chat =
        std::make_shared<ChatSocket>(visit.site, std::move(*socket), visit.caller(), executor);
    runtime::spawn_detached(executor,
                            [chat = std::move(chat)]() -> Task<void> { co_await chat->run(); });
}

}  // namespace hayate::front
