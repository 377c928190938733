package io.sgpo.examples.pages;

import io.sgpo.contract.PreferenceModelContract;
import io.sgpo.preference.PreferenceModel;

// begin: contract
class SourceJudgeContractTest extends PreferenceModelContract {

  @Override
  protected PreferenceModel judge() {
    return new SourceJudge();
  }
}
// end
