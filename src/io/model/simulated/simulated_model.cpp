#include "io/model/simulated/simulated_model.hpp"

#include <utility>

#include "io/model/remote/refusal.hpp"
#include "io/runtime/event.hpp"

namespace hayate::model {
namespace {

using Events = std::vector<ModelEvent>;

std::string_view last_user_message(const ModelRequest& request) {
    for (size_t i = request.messages.size(); i > 0; --i) {
        if (request.messages[i - 1].role == Role::kUser) return request.messages[i - 1].content;
    }
    return {};
}

size_t prompt_bytes(const ModelRequest& request) {
    size_t bytes = request.system.size();
    for (const Message& message : request.messages) bytes += message.content.size();
    return bytes;
}

class SimulatedStream : public ModelStream {
  public:
    SimulatedStream(AnswerPlan plan, std::string source, milliseconds stall_time,
                    Deadline first_token, CancelToken token)
        : plan_(std::move(plan)),
          source_(std::move(source)),
          stall_time_(stall_time),
          first_token_(first_token),
          token_(std::move(token)) {}

    Task<Result<Events>> next() override {
        if (token_.is_cancelled()) co_return fail(cancelled_error(token_.reason(), source_));
        if (sent_ == plan_.tokens.size()) co_return finish();
        if (plan_.faults.hangs || sent_ == plan_.tokens_before_fault()) co_return co_await fault();
        if (Status waited = co_await wait_for_token(); !waited) co_return fail(waited.error());
        Events events;
        const TimePoint now = base::Clock::now();
        do {
            events.emplace_back(TextDelta{plan_.tokens[sent_++], {}});
        } while (sent_ < plan_.tokens_before_fault() && began_ + plan_.due[sent_] <= now);
        if (sent_ == plan_.tokens.size()) append_end(events);
        co_return events;
    }

  private:
    Task<Status> wait_for_token() {
        const Deadline due(began_ + plan_.due[sent_]);
        const bool is_late = sent_ == 0 && first_token_ < due;
        const bool slept = co_await runtime::sleep_until(is_late ? first_token_ : due, token_);
        if (!slept) co_return fail(cancelled_error(token_.reason(), source_));
        if (!is_late) co_return Status{};
        co_return fail(ErrorKind::kTimeout, source_, "the first token did not come in time");
    }

    Result<Events> finish() {
        Events events;
        if (!is_finished_) append_end(events);
        return events;
    }

    void append_end(Events& events) {
        is_finished_ = true;
        events.emplace_back(Finish{plan_.finish});
        if (!plan_.faults.drops_usage) events.emplace_back(plan_.usage);
    }

    Task<Result<Events>> fault() {
        const Faults& faults = plan_.faults;
        const int sent = static_cast<int>(sent_);
        if (faults.hangs || faults.stall_after == sent) {
            const Deadline stall = Deadline::after(stall_time_);
            const bool slept =
                co_await runtime::sleep_until(sent_ == 0 ? first_token_ : stall, token_);
            if (!slept) co_return fail(cancelled_error(token_.reason(), source_));
            co_return fail(ErrorKind::kTimeout, source_, "no token in time");
        }
        if (faults.error_after == sent) {
            co_return fail(ErrorKind::kBusy, source_, "error in the stream: simulated");
        }
        co_return fail(ErrorKind::kUpstream, source_, "the stream broke: simulated");
    }

    AnswerPlan plan_;
    std::string source_;
    milliseconds stall_time_;
    Deadline first_token_;
    CancelToken token_;
    TimePoint began_ = base::Clock::now();
    size_t sent_ = 0;
    bool is_finished_ = false;
};

}  // namespace

SimulatedModel::SimulatedModel(Options options)
    : options_(std::move(options)), source_("model." + options_.name) {}

Task<Result<std::unique_ptr<ModelStream>>> SimulatedModel::start(ModelRequest request,
                                                                 CancelToken token) {
    if (token.is_cancelled()) co_return fail(cancelled_error(token.reason(), source_));
    AnswerPlan plan = plan_answer(options_.simulation, last_user_message(request),
                                  prompt_bytes(request), request.max_tokens, calls_.fetch_add(1));
    if (plan.faults.status != 0) {
        const std::string retry =
            plan.faults.retry_after_s ? std::to_string(*plan.faults.retry_after_s) : std::string();
        co_return fail(error_of({.status = plan.faults.status,
                                 .retry_after = retry,
                                 .body = R"({"error":"simulated refusal"})"},
                                source_, "", base::unix_ms() / 1000));
    }
    co_return std::make_unique<SimulatedStream>(
        std::move(plan), source_, options_.stall_time,
        request.first_token_deadline.capped(options_.first_token_time), std::move(token));
}

Task<Status> SimulatedModel::probe(CancelToken /*token*/) { co_return Status{}; }

}  // namespace hayate::model
