package com.example.assistant;

import io.sgpo.contract.PreferenceModelContract;
import io.sgpo.preference.PreferenceModel;

class BrevityTest extends PreferenceModelContract {

  @Override
  protected PreferenceModel judge() {
    return new Brevity();
  }
}
