#pragma once
// The labelled answers of answers.jsonl, and the gate run over them.

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "engine/gate/gate_machine.hpp"
#include "engine/gate/learning.hpp"

namespace hayate::test {

struct LabelledAnswer {
    std::string id;
    std::string question;
    std::string language;
    std::string intent;
    std::string context;      // the prompt up to the question
    std::string documents;    // what stood in its <context>
    std::string preferences;  // and in <user_preferences>
    std::string model;        // "fast", "strong", "edited", "written"
    bool is_bad = false;
    std::string reason;
    bool is_for_tuning = false;
    bool is_cut = false;              // by the limit of tokens
    std::vector<std::string> tokens;  // the answer
    std::vector<float> logprobs;      // of each token, or none
    std::vector<float> probe_logits;  // likewise; bench/probe/
    /// Of the id: later ones are higher.
    [[nodiscard]] int number() const { return std::atoi(id.c_str() + 1); }
    [[nodiscard]] bool is_real() const { return model == "fast" || model == "strong"; }
};

/// In the order of the file. A file that cannot be read ends the program with its reason.
[[nodiscard]] std::vector<LabelledAnswer> load_answers();
/// Those of authors.jsonl: written for the contexts of answers of the tuning half, by sixteen
/// authors who knew no detector.
[[nodiscard]] std::vector<LabelledAnswer> load_author_answers();
/// The names of the shipped assistant's catalog.
[[nodiscard]] std::shared_ptr<const understand::EntityFinder> shipped_names();
[[nodiscard]] std::string shipped_system_prompt();
/// What the shipped assistant has learned, or the prior.
[[nodiscard]] gate::Weights shipped_weights();

[[nodiscard]] std::shared_ptr<const gate::Grounds> grounds_of(const LabelledAnswer& answer);
/// Which profile an intent gets, when its answers are held by `profile`.
[[nodiscard]] gate::Profile profile_for(const LabelledAnswer& answer, gate::Profile profile);

struct Judged {
    bool is_caught = false;      // escalated or cut
    bool is_before_any = false;  // escalated: nothing of it was shown
    gate::Feature reason = gate::Feature::kEmpty;
    float probability = 0;
    gate::Evidence evidence;
};
/// What the shipped configuration expects of a local model; 0, unknown, for written answers.
[[nodiscard]] double quality_of(const LabelledAnswer& answer);

/// Feeds the answer token by token, to a gate that knows the model's quality.
[[nodiscard]] Judged judge(const LabelledAnswer& answer,
                           std::shared_ptr<const gate::Grounds> grounds, gate::GateOptions options);

/// The shares of bad answers caught, and of good ones called bad.
struct Rates {
    int bad = 0;
    int caught = 0;
    int caught_early = 0;  // before anything was shown
    int good = 0;
    int called_bad = 0;
    int called_bad_early = 0;
    [[nodiscard]] double caught_share() const { return bad == 0 ? 0 : double(caught) / bad; }
    [[nodiscard]] double false_share() const { return good == 0 ? 0 : double(called_bad) / good; }
    [[nodiscard]] double early_share() const { return bad == 0 ? 0 : double(caught_early) / bad; }
    void add(const LabelledAnswer& answer, const Judged& judged);
};

/// All evidence of a whole answer, whatever it is.
[[nodiscard]] gate::LabelledEvidence evidence_of(const LabelledAnswer& answer);
/// The same each time that it changed while the answer came, sentence by sentence; the last is the
/// whole one.
[[nodiscard]] std::vector<gate::Evidence> evidence_path_of(const LabelledAnswer& answer);

}  // namespace hayate::test
