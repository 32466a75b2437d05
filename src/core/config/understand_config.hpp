#pragma once
// What an assistant does about messages that may mean several things: which model is asked, and
// when the customer is.

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/config/fields.hpp"
#include "core/config/problems.hpp"

namespace hayate::config {

struct AssistantConfig;

/// What the classifier answers when no intent is meant.
inline constexpr std::string_view kNoIntent = "none";
/// So much time must be left to answer in, once the classifier has used all of its own.
inline constexpr int kAnswerMsMin = 500;

/// A model that is asked which intent a message has, when examples and sentence vectors leave it
/// open.
struct ClassifierConfig {
    std::string model;     // of hayate.yaml; empty: none is asked
    int timeout_ms = 300;  // of the call; then what was understood before holds
    int max_tokens = 8;    // of its answer, which is an intent's name
};

/// The `ask_back` phrases of the intents that may be meant; often there is no third.
inline constexpr std::array<std::string_view, 3> kAskBackPlaceholders{"first", "second", "third"};

/// A question to the customer instead of an answer, when two or three intents are as good as
/// equally likely and a wrong guess would be costly.
struct AskBackConfig {
    double margin =
        0;  // intents this much less likely than the likeliest are asked about; 0: never
    std::map<std::string, std::string> text;  // by language, with kAskBackPlaceholders
};

struct UnderstandConfig {
    ClassifierConfig classifier;
    AskBackConfig ask_back;
};

void declare(Fields& fields, UnderstandConfig& understand);
/// After the intents have been read: texts, phrases and times fit together.
[[nodiscard]] Problems check_understand(const AssistantConfig& assistant);
/// The classifier is one of `models`, the server's. A server without models consults none.
[[nodiscard]] Problems check_classifier(const AssistantConfig& assistant,
                                        std::span<const std::string> models);

}  // namespace hayate::config
