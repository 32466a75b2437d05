#pragma once
// The course of one turn. Private to turn/.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/observe/analysis.hpp"
#include "core/observe/trace.hpp"
#include "engine/stream/delta_batcher.hpp"
#include "engine/turn/approach.hpp"
#include "engine/turn/turns.hpp"

namespace hayate::turn {

/// The metric families of turns and model calls.
struct TurnMetrics {
    explicit TurnMetrics(observe::Metrics& metrics);
    observe::Family& turns;
    observe::Family& first_word;
    observe::Family& total;
    observe::Family& missing;
    observe::Family& intents;
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
    [[nodiscard]] const config::AssistantConfig& assistant() const { return release_->assistant; }
    Task<void> understand();
    Task<void> look_up();
    void show_findings();
    void show_status(std::string_view stage);
    Task<void> store_turn(store::TurnState state);
    Task<void> finish(std::optional<Error> error);
    [[nodiscard]] wire::FinalEvent final_event() const;
    void explain(wire::FinalEvent& final) const;
    void keep_trace(std::string_view outcome) const;

    // answering.cpp
    Task<void> answer();
    void answer_from_templates(bool is_busy);
    Task<std::optional<Error>> answer_with(const model::ModelEntry& entry);
    Task<std::optional<Error>> stream_from(model::ModelStream& stream,
                                           const model::ModelEntry& entry);
    bool say(std::string_view text);
    [[nodiscard]] model::ModelRequest prompt(const model::ModelEntry& entry) const;
    [[nodiscard]] bool is_about_order() const;
    [[nodiscard]] bool is_out_of_scope() const;
    [[nodiscard]] bool needs_no_model() const;
    void account(const model::ModelEntry& entry, std::string_view outcome);

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
    understand::Reading reading_;
    Approach approach_;
    std::vector<float> vector_;  // of the question, if it was made before the search
    std::vector<model::Message> history_;
    gather::GatherResult found_;
    std::vector<std::string> degraded_;
    std::shared_ptr<stream::DeltaBatcher> batcher_;
    base::Sha256Stream hash_;
    wire::FinishState finish_ = wire::FinishState::kStop;
    std::optional<model::Usage> usage_;
    int64_t estimated_prompt_tokens_ = 0;
    int sources_ = 0;
};

}  // namespace hayate::turn
