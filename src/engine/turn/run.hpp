#pragma once
// The course of one turn. Private to turn/.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/observe/analysis.hpp"
#include "core/observe/trace.hpp"
#include "engine/gate/gate_machine.hpp"
#include "engine/stream/delta_batcher.hpp"
#include "engine/turn/approach.hpp"
#include "engine/turn/prompt.hpp"
#include "engine/turn/turns.hpp"
#include "engine/understand/case_kind.hpp"
#include "io/runtime/scope.hpp"

namespace hayate::turn {

/// The metric families of turns and model calls.
struct TurnMetrics {
    explicit TurnMetrics(observe::Metrics& metrics);
    observe::Family& turns;
    observe::Family& first_word;
    observe::Family& total;
    observe::Family& missing;
    observe::Family& intents;
    observe::Family& gate;
    observe::Family& classified;
    observe::Family& outcomes;
};

/// What ends a turn, and refuses a new one, when the server stops: asked again, it will be
/// answered.
[[nodiscard]] Error shutting_down_error();

class TurnRun {
  public:
    /// `understood` is the shard's memory to understand messages in.
    TurnRun(const Services& services, TurnMetrics& metrics, understand::Understood& understood,
            Ask ask, store::Turn turn, std::shared_ptr<stream::StreamLog> log, TimePoint begin,
            const CancelToken& stopping);

    Task<void> go();

  private:
    /// How one model's try at the answer ended.
    struct Attempt {
        enum class End : uint8_t {
            kWhole,
            kRejected,  // by the gate, with nothing shown
            kCut,       // by the gate, with something shown
            kFailed,
        };
        End end = End::kWhole;
        gate::Feature reason = gate::Feature::kEmpty;  // why the gate did
        std::optional<Error> error;                    // of kFailed
    };
    /// A model's try that has ended, for the outcome of the turn.
    struct Tried {
        std::string model;
        Attempt::End end = Attempt::End::kWhole;
        gate::Feature reason = gate::Feature::kEmpty;
        bool is_checked = false;
    };
    /// A model call, from the decision for it to its cost.
    struct Call {
        Call(route::RouteDecision decided, const CancelToken& parent)
            : decision(std::move(decided)), stop(parent) {}
        const route::RouteDecision decision;
        CancelSource stop;  // a model whose answer is not wanted stops writing it
        double start_ms = 0;
        model::ModelRequest request;  // until it is sent
        route::ObservedCall observed;
        std::unique_ptr<gate::GateMachine> gate;  // null: shown as it comes
        int64_t prompt_tokens = 0;                // estimated
        std::unique_ptr<model::ModelStream> stream;
        std::vector<model::ModelEvent> events;  // that came before they were wanted
        std::optional<Error> error;             // why there is no stream
        std::string text;                       // written so far, shown or not
        std::optional<model::Usage> usage;
    };

    [[nodiscard]] const config::AssistantConfig& assistant() const { return release_->assistant; }
    Task<void> look_up();
    void show_findings();
    void show_status(std::string_view stage);
    Task<void> store_turn();
    Task<void> finish(std::optional<Error> error);
    [[nodiscard]] wire::FinalEvent final_event() const;
    void explain(wire::FinalEvent& final) const;
    void keep_trace(std::string_view outcome) const;

    // understanding.cpp: what the message means, and what is done about it
    Task<void> understand();
    [[nodiscard]] std::optional<std::string> heed_reply();
    Task<void> read_message();
    void take_approach();
    void settle();
    [[nodiscard]] bool may_ask_back() const;
    Task<void> ask_back();
    [[nodiscard]] size_t turns_before() const;

    // consulting.cpp: a model that is asked what a message means
    Task<void> consult_classifier();
    [[nodiscard]] std::string_view why_not_consulted(const model::ModelEntry* classifier,
                                                     route::Admission& admission) const;
    Task<std::string_view> consult(const model::ModelEntry& classifier);

    // run_outcome.cpp: what is learned from the turn
    [[nodiscard]] store::Verdict verdict(bool is_failed) const;
    [[nodiscard]] std::string learn_from_rejected(route::Tier tier) const;
    void keep_outcome(std::string_view failure);

    // answering.cpp: templates, and which models are asked in turn
    Task<void> answer();
    void answer_from_templates(bool is_busy);
    Task<void> open_case();
    Task<std::optional<Error>> answer_with_models();
    Task<std::optional<Error>> ask_models();
    std::optional<Error> admit();
    [[nodiscard]] Result<route::RouteDecision> decide(std::vector<std::string> allowed);
    void keep_better(std::vector<std::string>& models, const std::string& than) const;
    bool say(std::string_view text);
    [[nodiscard]] bool is_about_order() const;
    [[nodiscard]] bool is_out_of_scope() const;
    [[nodiscard]] bool is_order_unknown() const;
    [[nodiscard]] bool is_nothing_fitting() const;
    [[nodiscard]] bool needs_no_model() const;
    [[nodiscard]] bool has_template_answer() const;

    // attempt.cpp: one model's try
    [[nodiscard]] std::unique_ptr<Call> make_call(route::RouteDecision decision);
    static Task<void> open(Call& call);
    Task<Attempt> attempt_with(Call& call);
    Task<Attempt> stream_from(Call& call);
    bool show(const gate::GateAction& action, Attempt& attempt);
    [[nodiscard]] Prompt prompt_for(const model::Pace& pace) const;
    [[nodiscard]] gate::Expected expected() const;
    [[nodiscard]] std::unique_ptr<gate::GateMachine> make_gate(const route::RouteDecision& decision,
                                                               const Prompt& prompt) const;
    [[nodiscard]] size_t hold_tokens(const route::RouteDecision& decision) const;
    void end_call(const Call& call, std::string_view outcome, std::string_view more);
    void account(const Call& call, std::string_view outcome);
    void charge(const model::ModelEntry& entry, const model::Usage& usage, std::string_view outcome,
                std::string_view intent);
    void spend(const model::ModelEntry& entry, const model::Usage& usage, std::string_view outcome,
               std::string_view intent);
    [[nodiscard]] std::string_view shown_intent() const;

    // backup.cpp: a better model that is begun while the first one's answer is in doubt
    void begin_backup(const Call& doubted);
    [[nodiscard]] std::optional<route::RouteDecision> backup_for(const Call& doubted);
    static Task<void> read_ahead(Call& call);
    Task<std::unique_ptr<Call>> take_backup();
    Task<void> drop_backup();

    const Services& services_;
    TurnMetrics& metrics_;
    understand::Understood& understood_;
    std::shared_ptr<const Release> release_;
    Ask ask_;
    store::Turn turn_;
    std::shared_ptr<stream::StreamLog> log_;
    CancelSource cancel_;
    observe::Trace trace_;
    observe::StageBudgets budgets_;  // what each stage may take; empty: no budgets
    Deadline deadline_;
    std::string language_;
    std::string question_;  // as a model is to read it
    understand::Reading reading_;
    bool has_words_ = true;  // the question; else it is punctuation, or emoji
    Approach approach_;
    std::vector<std::string> ask_about_;  // intents: which of them is meant is asked back
    understand::ProductQuery query_;
    store::CaseKind case_kind_ = store::CaseKind::kHandOver;  // of a complaint
    std::vector<float> vector_;  // of the question, if it was made before the search
    std::vector<model::Message> history_;
    gather::GatherResult found_;
    std::vector<std::string> degraded_;
    std::vector<Tried> tried_;
    std::shared_ptr<stream::DeltaBatcher> batcher_;
    base::Sha256Stream hash_;
    wire::FinishState finish_ = wire::FinishState::kStop;
    std::optional<model::Usage> usage_;  // of all calls of the turn together
    route::ChoiceRequest choice_;        // what models are chosen for
    route::Admission admission_;         // to the day's budget, for as long as the turn runs
    std::vector<std::string> allowed_;   // models that may still be asked
    runtime::TaskScope backups_;         // joined before the turn ends
    std::unique_ptr<Call> backup_;       // outlives its task
    bool is_backup_tried_ = false;
    size_t intro_bytes_ = 0;  // of the answer: said before any model was asked
    int sources_ = 0;
};

}  // namespace hayate::turn
